#include "engine/kernel/KernelServer.h"

#include "engine/kernel/DriftTable.h"
#include "engine/kernel/SqlWorkbench.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>

#include <atomic>
#include <csignal>
#include <pthread.h>
#include <thread>
#include <unistd.h>
#include <xeus/xhelper.hpp>
#include <xeus/xinput.hpp>
#include <xeus/xinterpreter.hpp>
#include <xeus/xkernel.hpp>
#include <xeus/xkernel_configuration.hpp>
#include <xeus/xlogger.hpp>
#include <xeus/xserver_control_main.hpp>

namespace engine {

namespace {

struct KernelServerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::KernelServer)
};

// The process that started us, when it is a Jupyter program that wants its kernels to go with it; else 0.
pid_t parentToFollow()
{
    const pid_t parent = ::getppid();
    return qEnvironmentVariableIntValue("JPY_PARENT_PID") == int(parent) ? parent : 0;
}

// Interrupts the workbench on SIGINT, which no other thread takes: ZeroMQ would take it for an error. Ends the kernel
// when its parent is gone: nobody is left to interrupt a query that computes for hours.
class WatchThread
{
public:
    WatchThread(SqlWorkbench &workbench, QString folder)
        : m_folder(std::move(folder))
        , m_parent(parentToFollow())
        , m_thread([this, &workbench] { watch(workbench); })
    {
    }
    ~WatchThread()
    {
        m_isOver = true;
        ::pthread_kill(m_thread.native_handle(), SIGINT);
        m_thread.join();
    }
    Q_DISABLE_COPY_MOVE(WatchThread)

    static void block() // before any thread starts
    {
        const sigset_t set = signalSet();
        ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
        ::signal(SIGINT, SIG_DFL); // the engine starts us with SIGINT ignored
    }

private:
    static sigset_t signalSet()
    {
        sigset_t set;
        ::sigemptyset(&set);
        ::sigaddset(&set, SIGINT);
        ::sigaddset(&set, SIGTERM);
        return set;
    }
    void watch(SqlWorkbench &workbench)
    {
        const sigset_t set = signalSet();
        const timespec lookAgain{1, 0};
        while (!m_isOver) {
            const int signal = ::sigtimedwait(&set, nullptr, &lookAgain);
            if (m_isOver)
                return;
            if (signal == SIGTERM || (m_parent != 0 && ::getppid() != m_parent)) {
                QDir(m_folder).removeRecursively();
                ::_exit(0); // what a cell writes is whole or not there at all
            }
            if (signal == SIGINT)
                workbench.interrupt();
            else
                workbench.interruptAgain();
        }
    }

    const QString m_folder; // ours, with nothing that anybody needs
    const pid_t m_parent;
    std::atomic_bool m_isOver = false;
    std::thread m_thread;
};

// xeus answers interrupt_request by itself; this is how we hear of it.
class InterruptLogger final : public xeus::xlogger
{
private:
    void log_received_message_impl(const xeus::xmessage &message, channel from) const override
    {
        if (from == control && message.header().value("msg_type", std::string()) == "interrupt_request")
            ::kill(::getpid(), SIGINT);
    }
    void log_sent_message_impl(const xeus::xmessage &, channel) const override { }
    void log_iopub_message_impl(const xeus::xpub_message &) const override { }
    void log_message_impl(
        const std::string &, const nl::json &, const nl::json &, const nl::json &, const nl::json &) const override
    {
    }
};

std::string utf8(const QString &value) { return value.toStdString(); }

class SqlInterpreter final : public xeus::xinterpreter, private CellOutputs
{
public:
    explicit SqlInterpreter(SqlWorkbench &workbench) : m_workbench(workbench)
    {
        xeus::register_interpreter(this); // whom blocking_input_request() asks
    }

private:
    void configure_impl() override { }

    nl::json
    execute_request_impl(int counter, const std::string &code, bool silent, bool, nl::json, bool mayAsk) override
    {
        m_isSilent = silent;
        m_mayAsk = mayAsk;
        const QByteArray cell = QByteArray::fromStdString(code);
        const SqlWorkbench::Outcome outcome = m_workbench.run(cell, *this);
        switch (outcome.end) {
        case SqlWorkbench::Outcome::End::Ok:
            break;
        case SqlWorkbench::Outcome::End::Exit:
            return xeus::create_successful_reply(nl::json::array({{{"source", "ask_exit"}, {"keepkernel", false}}}));
        case SqlWorkbench::Outcome::End::Failed:
            return failed(counter, cell, *outcome.error);
        }
        return xeus::create_successful_reply();
    }

    nl::json failed(int, const QByteArray &cell, const Error &error)
    {
        const std::string name = error.code == ErrorCode::Cancelled ? "KeyboardInterrupt" : "SqlError";
        std::vector<std::string> trace;
        if (const std::optional<qsizetype> position = positionOf(error)) {
            const CellPlace place = placeOf(cell, *position);
            trace.push_back(QStringLiteral("  File \"<cell>\", line %1, column %2")
                                .arg(place.line)
                                .arg(place.column)
                                .toStdString());
            const QList<QByteArray> lines = cell.split('\n');
            trace.push_back("    " + QString::fromUtf8(lines.value(place.line - 1)).toStdString());
            trace.push_back("    " + std::string(size_t(place.column - 1), ' ') + "^");
        }
        trace.push_back(name + ": " + utf8(error.message));
        if (!m_isSilent)
            publish_execution_error(name, utf8(error.message), trace);
        return {{"status", "error"}, {"ename", name}, {"evalue", utf8(error.message)}, {"traceback", trace}};
    }

    // Positions of the protocol are code points.
    nl::json complete_request_impl(const std::string &code, int cursor) override
    {
        const QString cell = QString::fromStdString(code);
        const auto before = cell.toUcs4().mid(0, cursor);
        const qsizetype bytes =
            QString::fromUcs4(reinterpret_cast<const char32_t *>(before.constData()), before.size()).toUtf8().size();
        const QByteArray bytesOfCell = cell.toUtf8();
        const SqlWorkbench::Completion completion = m_workbench.complete(bytesOfCell, bytes);
        nl::json matches = nl::json::array();
        for (const QString &match : completion.matches)
            matches.push_back(utf8(match));
        const auto points = [&bytesOfCell](qsizetype end) {
            return int(QString::fromUtf8(bytesOfCell.left(end)).toUcs4().size());
        };
        return xeus::create_complete_reply(matches, points(completion.start), points(completion.end));
    }

    nl::json inspect_request_impl(const std::string &, int, int) override { return xeus::create_inspect_reply(); }

    nl::json is_complete_request_impl(const std::string &code) override
    {
        const QByteArray cell = QByteArray::fromStdString(code).trimmed();
        return xeus::create_is_complete_reply(cell.isEmpty() || cell.endsWith(';') ? "complete" : "unknown");
    }

    nl::json kernel_info_request_impl() override
    {
        nl::json info = xeus::create_info_reply("5.3",
                                                "slipway-kernel",
                                                utf8(QCoreApplication::applicationVersion()),
                                                "sql",
                                                "1.4.4", // of DuckDB, whose SQL it is
                                                "text/x-sql",
                                                ".sql",
                                                "sql",
                                                "sql",
                                                "",
                                                utf8(KernelServerText::tr("Slipway: SQL with models, by DuckDB")));
        info["status"] = "ok";
        return info;
    }

    void shutdown_request_impl() override { m_workbench.interrupt(); }

    // The front end asks the person, or the engine knows it. What is typed is not shown.
    Result<QString> password(const QString &service, bool isAskedOfEngine) override
    {
        if (!m_mayAsk)
            return Error{
                ErrorCode::NotFound,
                KernelServerText::tr("The password of %1 is needed, and here nobody can be asked: keep it as a "
                                     "secret (slipwayctl secret set).")
                    .arg(service),
                {}};
        const std::string prompt =
            isAskedOfEngine ? utf8(service) : utf8(KernelServerText::tr("Password of %1: ").arg(service));
        const QString answer = QString::fromStdString(xeus::blocking_input_request(prompt, true));
        if (!isAskedOfEngine)
            return answer;
        const Result<Json> json = parseJson(answer.toUtf8(), service);
        if (!json || !memberAt(*json, "password").is_string())
            return Error{ErrorCode::NotFound,
                         json ? stringAt(*json, "error")
                              : KernelServerText::tr("The engine does not say the password of %1.").arg(service),
                         {}};
        return stringAt(*json, "password");
    }

    void table(const ShownTable &table) override
    {
        if (!m_isSilent)
            display_data({{"text/plain", utf8(table.plainText())}, {"text/html", utf8(table.html())}},
                         nl::json::object(),
                         nl::json::object());
    }
    void print(const QString &text, const char *stream)
    {
        if (!m_isSilent)
            publish_stream(stream, text.toStdString());
    }
    void text(const QString &line) override { print(line, "stdout"); }
    void warning(const QString &line) override { print(line, "stderr"); }
    void drift(const scoring::DriftReport &report) override
    {
        if (!m_isSilent)
            display_data(
                nl::json::parse(toCompact(driftForms(report)).toStdString()), nl::json::object(), nl::json::object());
    }
    void picture(const QByteArray &svg, const QString &summary) override
    {
        if (!m_isSilent)
            display_data({{"image/svg+xml", svg.toStdString()}, {"text/plain", summary.toStdString()}},
                         nl::json::object(),
                         nl::json::object());
    }

    SqlWorkbench &m_workbench;
    bool m_isSilent = false;
    bool m_mayAsk = false; // of the request that runs
};

// xeus 2.4 says "pwd" where the protocol has "password": without it a front end would show what is typed.
class Server final : public xeus::xserver_control_main
{
public:
    using xserver_control_main::xserver_control_main;

private:
    void send_stdin_impl(xeus::xmessage message) override
    {
        nl::json content = message.content();
        if (content.contains("pwd"))
            content["password"] = content["pwd"];
        xserver_control_main::send_stdin_impl(xeus::xmessage(message.identities(),
                                                             message.header(),
                                                             message.parent_header(),
                                                             message.metadata(),
                                                             std::move(content),
                                                             {}));
    }
};

std::unique_ptr<xeus::xserver>
makeServer(xeus::xcontext &context, const xeus::xconfiguration &configuration, nl::json::error_handler_t handler)
{
    return std::make_unique<Server>(context.get_wrapped_context<zmq::context_t>(), configuration, handler);
}

void serve(xeus::xconfiguration configuration, SqlWorkbench &workbench)
{
    // xeus keeps an address in 32 bytes, and the engine's sockets have longer paths: they are bound by their last name,
    // in their folder.
    const QString here = QDir::currentPath();
    if (configuration.m_transport == "ipc") {
        const QFileInfo prefix(QString::fromStdString(configuration.m_ip));
        if (QDir::setCurrent(prefix.absolutePath()))
            configuration.m_ip = prefix.fileName().toStdString();
    }
    qputenv("XEUS_LOG", "1"); // else xeus leaves the logger out
    auto context = xeus::make_context<zmq::context_t>();
    xeus::xkernel kernel(configuration,
                         xeus::get_user_name(),
                         std::move(context),
                         std::make_unique<SqlInterpreter>(workbench),
                         makeServer,
                         xeus::make_in_memory_history_manager(),
                         std::make_unique<InterruptLogger>(),
                         xeus::make_null_debugger,
                         nl::json::object(),
                         nl::json::error_handler_t::replace);
    QDir::setCurrent(here);
    kernel.start();
}

} // namespace

Result<> serveKernel(const QString &connectionFile, KernelContext context)
{
    WatchThread::block();
    const QTemporaryDir folder(QDir::tempPath() + QStringLiteral("/slipway-sql-XXXXXX"));
    Result<std::unique_ptr<SqlWorkbench>> workbench = SqlWorkbench::open(std::move(context), folder.path());
    if (!workbench)
        return workbench.error();
    const WatchThread watch(**workbench, folder.path());
    try {
        serve(xeus::load_configuration(connectionFile.toStdString()), **workbench);
    } catch (const std::exception &error) { // of xeus and ZeroMQ
        return Error{ErrorCode::Io,
                     KernelServerText::tr("The connection file %1 cannot be used: %2.")
                         .arg(connectionFile, QString::fromLocal8Bit(error.what())),
                     connectionFile};
    }
    return {};
}

} // namespace engine
