// What ML.PREDICT adds to a query: bench_sql_predict [ROWS] [FOLDER]
// Trains the Titanic's logistic regression in the kernel's workbench, then runs each query with and without the model.
// Prints a line of Markdown for each: seconds, CPU seconds, million rows a second, the largest memory while it ran.
#include "engine/kernel/SqlWorkbench.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>

#include <cstdio>
#include <sys/resource.h>

using namespace engine;

namespace {

class Silent final : public CellOutputs
{
public:
    void table(const ShownTable &) override { }
    void text(const QString &) override { }
    void warning(const QString &text) override { std::fputs(qPrintable(text), stderr); }
    void drift(const scoring::DriftReport &) override { }
    void picture(const QByteArray &, const QString &) override { }
    Result<QString> password(const QString &, bool) override { return QString(); }
};

double cpuSeconds()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        + double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

// The largest resident memory since it was last asked for, in MiB.
double peakMemory()
{
    double peak = 0;
    QFile status(QStringLiteral("/proc/self/status"));
    if (status.open(QIODevice::ReadOnly)) {
        for (const QByteArray &line : status.readAll().split('\n')) {
            if (line.startsWith("VmHWM:"))
                peak = line.mid(6).trimmed().split(' ').first().toDouble() / 1024;
        }
    }
    QFile reset(QStringLiteral("/proc/self/clear_refs"));
    if (reset.open(QIODevice::WriteOnly))
        reset.write("5");
    return peak;
}

class Bench
{
public:
    Bench(SqlWorkbench &workbench, qint64 rows) : m_workbench(workbench), m_rows(rows) { }

    void prepare(const QString &cell)
    {
        Silent outputs;
        const SqlWorkbench::Outcome outcome = m_workbench.run(cell.toUtf8(), outputs);
        if (outcome.error)
            qFatal("%s", qPrintable(outcome.error->message));
    }

    void measure(const char *name, const QString &cell)
    {
        peakMemory();
        QElapsedTimer time;
        time.start();
        const double before = cpuSeconds();
        prepare(cell);
        const double seconds = double(time.nsecsElapsed()) / 1e9;
        std::printf("| %s | %.2f | %.2f | %.1f | %.0f |\n",
                    name,
                    seconds,
                    cpuSeconds() - before,
                    double(m_rows) / seconds / 1e6,
                    peakMemory());
        std::fflush(stdout);
    }

private:
    SqlWorkbench &m_workbench;
    const qint64 m_rows;
};

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const qint64 rows = arguments.size() > 1 ? arguments.at(1).toLongLong() : 10'000'000;
    const QTemporaryDir own;
    const QString folder = arguments.value(2, own.path());
    const QString sample = qEnvironmentVariable("SLIPWAY_SOURCE_DIR", QStringLiteral("."))
        + QStringLiteral("/resources/samples/titanic/data/titanic_features.csv");
    Result<std::unique_ptr<SqlWorkbench>> workbench = SqlWorkbench::open({}, folder);
    if (!workbench)
        qFatal("%s", qPrintable(workbench.error().message));
    Bench bench(**workbench, rows);
    bench.prepare(QStringLiteral("CREATE TABLE passengers AS SELECT * FROM '%1'; CREATE MODEL m OPTIONS("
                                 "input_label_cols = ['survived'], l2_reg = 1) AS SELECT * FROM passengers")
                      .arg(sample));
    const QString file = folder + QStringLiteral("/rows.csv");
    bench.prepare(QStringLiteral("EXPORT DATA OPTIONS(uri = '%1', overwrite = true) AS SELECT p.* FROM range(%2) r, "
                                 "passengers p LIMIT %3")
                      .arg(file)
                      .arg(rows / 1309 + 1)
                      .arg(rows));
    const QString made = QStringLiteral("SELECT 1 + i % 3 AS pclass, i % 2 AS is_female, 1 - i % 2 AS is_male, "
                                        "(i % 800) / 10.0 AS age, i % 4 AS sibsp, i % 3 AS parch, (i % 5000) / 10.0 "
                                        "AS fare, 1.0 + i % 3 AS embarkation FROM range(%1) t(i)")
                             .arg(rows);
    const QString scored = QStringLiteral("SELECT count(*), sum(predicted_survived), max(predicted_survived_probs[2]"
                                          ".prob) FROM ML.PREDICT(MODEL m, (%1))");
    std::printf("| %lld rows | wall s | CPU s | million rows/s | largest memory MiB |\n|---|---|---|---|---|\n",
                static_cast<long long>(rows));
    bench.measure("made rows, summed",
                  QStringLiteral("SELECT count(*), sum(pclass + is_female + is_male + age + sibsp "
                                 "+ parch + fare + embarkation) FROM (%1)")
                      .arg(made));
    bench.measure("made rows, scored", scored.arg(made));
    const QString read = QStringLiteral("SELECT * FROM '%1'").arg(file);
    bench.measure("CSV, summed",
                  QStringLiteral("SELECT count(*), sum(pclass + is_female + is_male + age + sibsp + "
                                 "parch + fare + embarkation) FROM (%1)")
                      .arg(read));
    bench.measure("CSV, scored", scored.arg(read));
    const QString out = QStringLiteral("EXPORT DATA OPTIONS(uri = '%1/out.csv', overwrite = true) AS %2");
    bench.measure("CSV → CSV", out.arg(folder, read));
    bench.measure("CSV → scored CSV",
                  out.arg(folder,
                          QStringLiteral("SELECT * EXCLUDE (predicted_survived_probs), "
                                         "predicted_survived_probs[2].prob AS probability FROM ML.PREDICT(MODEL m, "
                                         "(%1))")
                              .arg(read)));
    return 0;
}
