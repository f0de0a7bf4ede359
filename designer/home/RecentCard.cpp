#include "designer/home/RecentCard.h"

#include "designer/home/RowButton.h"
#include "designer/shell/RecentFactories.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/ElidedLabel.h"
#include "designer/widgets/Format.h"
#include "designer/widgets/IconLabel.h"
#include "designer/widgets/Moment.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPointer>
#include <QToolButton>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

class RecentRow final : public RowButton
{
public:
    RecentRow()
        : m_icon(new IconLabel(QStringLiteral("folder"), IconRole::Accent, 20))
        , m_name(new ElidedLabel({}, "strong"))
        , m_path(new ElidedLabel({}, "secondary"))
        , m_facts(label({}, "secondary"))
        , m_pin(iconButton({}, QStringLiteral("pin"), {}))
        , m_remove(iconButton({}, QStringLiteral("x"), {}))
    {
        auto *const line = new QHBoxLayout(this);
        line->setContentsMargins(16, 6, 10, 6);
        line->setSpacing(12);
        line->addWidget(m_icon);
        auto *const words = new QVBoxLayout;
        words->setSpacing(2);
        m_path->setFont(themeFont(TypeSize::Label));
        words->addWidget(m_name);
        words->addWidget(m_path);
        line->addLayout(words, 1);
        line->addWidget(m_facts);
        auto *const tools = new QHBoxLayout;
        tools->setSpacing(0);
        m_pin->setCheckable(true);
        tools->addWidget(m_pin);
        tools->addWidget(m_remove);
        line->addLayout(tools);
        for (QWidget *const quiet : std::initializer_list<QWidget *>{m_name, m_path, m_facts})
            quiet->setAttribute(Qt::WA_TransparentForMouseEvents);
    }

    QToolButton *pin() const { return m_pin; }
    QToolButton *removeButton() const { return m_remove; }

    void show(const RecentFactory &factory, int version)
    {
        m_icon->setIcon(factory.isMissing ? QStringLiteral("triangle-alert") : QStringLiteral("folder"),
                        factory.isMissing ? IconRole::Warn : IconRole::Accent);
        m_name->setText(factory.name);
        QString path = shortPath(factory.folder);
        if (!factory.branch.isEmpty())
            path = RecentCard::tr("%1 (git: %2)").arg(path, factory.branch);
        m_path->setText(path);
        m_facts->setText(factsText(factory, version));
        setLook(m_facts, factory.isMissing ? "warn" : "secondary");
        name(this,
             QStringLiteral("recent_") + factory.name,
             RecentCard::tr("Open the factory %1").arg(factory.name),
             factory.folder);
        m_pin->setChecked(factory.isPinned);
        m_pin->setIcon(designer::icon(QStringLiteral("pin"), factory.isPinned ? IconRole::Accent : IconRole::Hint));
        name(m_pin,
             QStringLiteral("pin_") + factory.name,
             RecentCard::tr("Keep %1 at the top").arg(factory.name),
             factory.isPinned ? RecentCard::tr("Do not keep at the top") : RecentCard::tr("Keep at the top"));
        m_remove->setIcon(designer::icon(QStringLiteral("x"), IconRole::Hint));
        name(m_remove,
             QStringLiteral("remove_") + factory.name,
             RecentCard::tr("Remove %1 from the list").arg(factory.name),
             RecentCard::tr("Remove from the list; the folder stays as it is"));
    }

private:
    static QString factsText(const RecentFactory &factory, int version)
    {
        if (factory.isMissing)
            return RecentCard::tr("folder is missing");
        QStringList parts;
        if (factory.pipelines == 1)
            parts.append(RecentCard::tr("1 pipeline"));
        else if (factory.pipelines >= 0)
            parts.append(RecentCard::tr("%n pipelines", nullptr, factory.pipelines));
        if (version > 0)
            parts.append(RecentCard::tr("v%1").arg(version));
        return parts.join(QStringLiteral(" · "));
    }

    IconLabel *m_icon;
    ElidedLabel *m_name;
    ElidedLabel *m_path;
    QLabel *m_facts;
    QToolButton *m_pin;
    QToolButton *m_remove;
};

} // namespace

RecentCard::RecentCard(Workbench &workbench, RecentFactories &recent)
    : SectionCard(QStringLiteral("recentFactories"), tr("Recent factories"))
    , m_workbench(workbench)
    , m_recent(recent)
{
    setEmpty(tr("Factories you open are listed here. Make one, open one, or try the Titanic sample above."));
    connect(&recent, &RecentFactories::changed, this, &RecentCard::show);
    connect(&workbench.engine(), &EngineConnection::caughtUp, this, &RecentCard::refresh);
    connect(&workbench, &Workbench::factoryChanged, this, [this] {
        if (!m_workbench.factory().isEmpty())
            refresh();
    });
    show();
}

void RecentCard::refresh()
{
    m_recent.look();
    m_workbench.engine().get(QStringLiteral("/slipway/v1/factories"), this, [this](const Result<Json> &answer) {
        if (!answer)
            return;
        m_versions.clear();
        for (const Json &factory : memberAt(*answer, "value"))
            m_versions.insert(stringAt(factory, "path"), int(intAt(factory, "publishedVersion")));
        show();
    });
}

QWidget *RecentCard::makeRow(const QString &folder)
{
    auto *const made = new RecentRow;
    connect(made, &RowButton::clicked, this, [this, folder] { pressed(folder); });
    connect(made->pin(), &QToolButton::clicked, this, [this, folder](bool checked) {
        m_recent.setPinned(folder, checked);
    });
    connect(made->removeButton(), &QToolButton::clicked, this, [this, folder] { m_recent.remove(folder); });
    return made;
}

void RecentCard::show()
{
    QStringList keys;
    for (const RecentFactory &factory : m_recent.list())
        keys.append(factory.folder);
    setRows(keys, [this](const QString &folder) { return makeRow(folder); });
    for (const RecentFactory &factory : m_recent.list())
        static_cast<RecentRow *>(row(factory.folder))->show(factory, m_versions.value(factory.folder));
}

void RecentCard::pressed(const QString &folder)
{
    for (const RecentFactory &factory : m_recent.list()) {
        if (factory.folder != folder || !factory.isMissing)
            continue;
        m_workbench.tell({.level = Message::Level::Warning,
                          .text = tr("The folder %1 is not there: bring it back (is its disk connected?), or remove it "
                                     "from the list.")
                                      .arg(folder),
                          .action = tr("Remove from the list"),
                          .act =
                              [recent = QPointer<RecentFactories>(&m_recent), folder] {
                                  if (recent)
                                      recent->remove(folder);
                              },
                          .about = QStringLiteral("recent")});
        m_recent.look();
        return;
    }
    emit requested(folder);
}

} // namespace designer

#include "moc_RecentCard.cpp"
