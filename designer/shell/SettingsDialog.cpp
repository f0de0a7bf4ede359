#include "designer/shell/SettingsDialog.h"

#include "designer/shell/EngineSettingsPage.h"
#include "designer/shell/Icons.h"
#include "designer/shell/ProxyPage.h"
#include "designer/shell/Theme.h"
#include "designer/shell/ThemeChoice.h"
#include "designer/shell/WindowSettings.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/Format.h"
#include "designer/widgets/Moment.h"
#include "engine/base/Translation.h"

#include <QApplication>
#include <QComboBox>
#include <QCompleter>
#include <QDialogButtonBox>
#include <QFontComboBox>
#include <QFontInfo>
#include <QHBoxLayout>
#include <QListWidget>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QSettings>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTimeZone>

namespace designer {

namespace {

constexpr int idRole = Qt::UserRole;
constexpr int listWidth = 190;

class AppearancePage final : public SettingsForm
{
public:
    explicit AppearancePage(Workbench &workbench)
        : SettingsForm(SettingsDialog::tr("Appearance"))
        , m_settings(workbench.settings())
        , m_theme(new QComboBox)
        , m_family(new QFontComboBox)
        , m_size(new QSpinBox)
        , m_system(pushButton(QStringLiteral("systemFont"),
                              SettingsDialog::tr("Use the system's font"),
                              {},
                              SettingsDialog::tr("The font and size the desktop is set to")))
    {
        name(m_theme,
             QStringLiteral("theme"),
             SettingsDialog::tr("Theme"),
             SettingsDialog::tr("Light, dark, or as the desktop is set to, also when that changes"));
        m_theme->addItem(SettingsDialog::tr("As the system"), int(choice::ThemeName::System));
        m_theme->addItem(SettingsDialog::tr("Light"), int(choice::ThemeName::Light));
        m_theme->addItem(SettingsDialog::tr("Dark"), int(choice::ThemeName::Dark));
        m_theme->setCurrentIndex(m_theme->findData(int(choice::theme(m_settings))));
        addField(SettingsDialog::tr("Theme"), m_theme);
        name(m_family,
             QStringLiteral("fontFamily"),
             SettingsDialog::tr("Font"),
             SettingsDialog::tr("The font of the window; code has the system's monospace"));
        name(m_size,
             QStringLiteral("fontSize"),
             SettingsDialog::tr("Font size"),
             SettingsDialog::tr("In pixels; everything else grows with it"));
        m_size->setRange(choice::smallestFont, choice::largestFont);
        m_size->setMaximumWidth(scaled(90));
        m_size->setSuffix(SettingsDialog::tr(" px"));
        m_size->setKeyboardTracking(false);
        addField(SettingsDialog::tr("Font"), m_family);
        addField(SettingsDialog::tr("Size"), m_size);
        addField({}, leftAligned(m_system));
        showFont();
        connect(m_theme, &QComboBox::currentIndexChanged, this, [this] {
            choice::setTheme(m_settings, choice::ThemeName(m_theme->currentData().toInt()));
            ThemeChoice::apply(m_settings);
        });
        connect(m_family, &QFontComboBox::currentFontChanged, this, [this] { choose(); });
        connect(m_size, &QSpinBox::valueChanged, this, [this] { choose(); });
        connect(m_system, &QPushButton::clicked, this, [this] {
            choice::setFont(m_settings, {}, 0);
            ThemeChoice::apply(m_settings);
            showFont();
        });
    }

private:
    void choose()
    {
        choice::setFont(m_settings, m_family->currentFont().family(), m_size->value());
        ThemeChoice::apply(m_settings);
        m_system->setEnabled(true);
    }

    void showFont()
    {
        const QSignalBlocker noFamily(m_family);
        const QSignalBlocker noSize(m_size);
        m_family->setCurrentFont(QApplication::font());
        m_size->setValue(QFontInfo(QApplication::font()).pixelSize());
        m_system->setEnabled(!choice::fontFamily(m_settings).isEmpty() || choice::fontSize(m_settings) > 0);
    }

    QSettings &m_settings;
    QComboBox *m_theme;
    QFontComboBox *m_family;
    QSpinBox *m_size;
    QPushButton *m_system;
};

class RegionPage final : public SettingsForm
{
public:
    explicit RegionPage(Workbench &workbench)
        : SettingsForm(SettingsDialog::tr("Language and time"))
        , m_workbench(workbench)
        , m_language(new QComboBox)
        , m_zone(new QComboBox)
    {
        name(m_language,
             QStringLiteral("language"),
             SettingsDialog::tr("Language"),
             SettingsDialog::tr("The language of the window"));
        m_language->addItem(SettingsDialog::tr("As the system"), QString());
        const QStringList languages = engine::translatedLanguages();
        for (const QString &code : languages)
            m_language->addItem(QLocale(code).nativeLanguageName(), code);
        m_language->setCurrentIndex(qMax(0, m_language->findData(choice::language(workbench.settings()))));
        addField(SettingsDialog::tr("Language"), m_language);
        addText(SettingsDialog::tr("Another language is shown from the next start of Slipway on."));
        connect(m_language, &QComboBox::currentIndexChanged, this, [this] {
            choice::setLanguage(m_workbench.settings(), m_language->currentData().toString());
        });

        name(m_zone,
             QStringLiteral("timeZone"),
             SettingsDialog::tr("Time zone"),
             SettingsDialog::tr("Times are shown in it; type to search. Triggers keep their own"));
        m_zone->setEditable(true);
        m_zone->setInsertPolicy(QComboBox::NoInsert);
        m_zone->setMaxVisibleItems(16);
        m_zone->addItem(
            SettingsDialog::tr("As the system (%1)").arg(QString::fromLatin1(QTimeZone::systemTimeZoneId())),
            QByteArray());
        for (const QByteArray &id : QTimeZone::availableTimeZoneIds())
            m_zone->addItem(QString::fromLatin1(id), id);
        m_zone->completer()->setCompletionMode(QCompleter::PopupCompletion);
        m_zone->completer()->setFilterMode(Qt::MatchContains);
        m_zone->setCurrentIndex(
            choice::usesSystemZone(workbench.settings()) ? 0 : qMax(0, m_zone->findData(workbench.zone().id())));
        addField(SettingsDialog::tr("Time zone"), m_zone);
        m_now = addText({});
        m_now->setObjectName(QStringLiteral("timeNow"));
        showNow();
        connect(m_zone, &QComboBox::activated, this, [this] { choose(); });
        connect(
            m_zone->completer(), qOverload<const QString &>(&QCompleter::activated), this, [this](const QString &text) {
                m_zone->setCurrentIndex(m_zone->findText(text));
                choose();
            });
    }

private:
    void choose()
    {
        const QByteArray id = m_zone->currentData().toByteArray();
        m_workbench.setZone(id.isEmpty() ? QTimeZone::systemTimeZone() : QTimeZone(id));
        if (id.isEmpty())
            choice::useSystemZone(m_workbench.settings());
        showNow();
    }

    void showNow()
    {
        const engine::Instant now = presentInstant();
        m_now->setText(SettingsDialog::tr("It is %1 in %2.")
                           .arg(timeText(now, m_workbench.zone()), zoneText(m_workbench.zone(), now)));
    }

    Workbench &m_workbench;
    QComboBox *m_language;
    QComboBox *m_zone;
    QLabel *m_now = nullptr;
};

class WindowPage final : public SettingsForm
{
public:
    WindowPage(Workbench &workbench, SettingsDialog &dialog) : SettingsForm(SettingsDialog::tr("Window"))
    {
        addText(SettingsDialog::tr("Sizes of the window and its panels, and the columns of tables, are kept. Here they "
                                   "are set as they were at first."));
        auto *const reset = pushButton(QStringLiteral("resetLayout"),
                                       SettingsDialog::tr("Reset the layout"),
                                       QStringLiteral("rotate-ccw"),
                                       SettingsDialog::tr("Factories, runs and other settings stay as they are"));
        addWidget(leftAligned(reset));
        auto *const said = addText({});
        said->setObjectName(QStringLiteral("layoutResetNote"));
        connect(reset, &QPushButton::clicked, this, [&workbench, &dialog, said] {
            choice::forgetLayout(workbench.settings());
            said->setText(SettingsDialog::tr("Done. Tables that are open take their first columns when they are opened "
                                             "again."));
            emit dialog.layoutReset();
        });
    }
};

} // namespace

SettingsDialog::SettingsDialog(Workbench &workbench, QWidget *parent)
    : Dialog(parent)
    , m_list(new QListWidget)
    , m_stack(new QStackedWidget)
{
    setObjectName(QStringLiteral("settingsDialog"));
    setWindowTitle(tr("Settings"));
    resize(760, 520);
    name(m_list, QStringLiteral("settingsPages"), tr("Pages of the settings"), tr("Choose what to set (Up, Down)"));
    m_list->setFixedWidth(scaled(listWidth));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setLook(m_list, "sections");
    auto *const middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(m_list);
    middle->addWidget(lineDown());
    middle->addWidget(m_stack, 1);
    auto *const buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    buttons->setContentsMargins(16, 10, 16, 12);
    name(buttons->button(QDialogButtonBox::Close),
         QStringLiteral("closeSettings"),
         tr("Close"),
         tr("What was changed is kept already"));
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(middle, 1);
    column->addWidget(lineAcross());
    column->addWidget(buttons);
    addPage(QStringLiteral("appearance"), tr("Appearance"), QStringLiteral("palette"), new AppearancePage(workbench));
    addPage(QStringLiteral("region"), tr("Language and time"), QStringLiteral("languages"), new RegionPage(workbench));
    addPage(QStringLiteral("engine"), tr("Engine"), QStringLiteral("server"), new EngineSettingsPage(workbench));
    addPage(QStringLiteral("proxies"), tr("Proxies"), QStringLiteral("network"), new ProxyPage(workbench));
    addPage(
        QStringLiteral("window"), tr("Window"), QStringLiteral("layout-dashboard"), new WindowPage(workbench, *this));
    for (QPushButton *const button : findChildren<QPushButton *>())
        button->setAutoDefault(false); // Enter ends a field here, not the dialog
    connect(m_list, &QListWidget::currentRowChanged, m_stack, &QStackedWidget::setCurrentIndex);
    m_list->setCurrentRow(0);
}

void SettingsDialog::addPage(const QString &id, const QString &title, const QString &iconName, QWidget *page)
{
    auto *const item = new QListWidgetItem(icon(iconName), title, m_list);
    item->setData(idRole, id);
    item->setSizeHint({listWidth, qMax(34, fontMetrics().height() + 14)});
    auto *const scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    setLook(page, "panel");
    scroll->setWidget(page);
    m_stack->addWidget(scroll);
}

void SettingsDialog::showPage(const QString &id)
{
    for (int row = 0; row < m_list->count(); ++row) {
        if (m_list->item(row)->data(idRole).toString() == id)
            m_list->setCurrentRow(row);
    }
}

} // namespace designer

#include "moc_SettingsDialog.cpp"
