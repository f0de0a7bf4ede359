#include "designer/mapping/CopyPreviewDialog.h"

#include "designer/datasets/PreviewTable.h"
#include "designer/mapping/ConversionPreview.h"
#include "designer/properties/EditScope.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QLabel>
#include <QPushButton>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

CopyPreviewDialog::CopyPreviewDialog(EditScope &copy, QWidget *parent)
    : Dialog(parent)
    , m_copy(copy)
    , m_tabs(new QTabWidget)
    , m_conversion(new ConversionPreview(copy))
{
    setObjectName(QStringLiteral("copyPreview"));
    setWindowTitle(tr("Preview of %1").arg(copy.activity()));
    nameTabs(m_tabs, QStringLiteral("copyPreviewTabs"), tr("What is looked at"), tr("Source, sink, or conversion"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(makeSide("inputs[0]", m_source, tr("Choose a source dataset first.")), tr("Source"));
    m_tabs->addTab(makeSide("outputs[0]", m_sink, tr("Choose a sink dataset first.")), tr("Sink"));
    m_tabs->addTab(m_conversion, tr("Conversion"));
    auto *const close = pushButton(QStringLiteral("closePreview"), tr("Close"), {}, tr("Back to the mapping (Esc)"));
    auto *const buttons = new QHBoxLayout;
    buttons->setContentsMargins(16, 4, 16, 12);
    buttons->addStretch();
    buttons->addWidget(close);
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->addWidget(m_tabs, 1);
    layout->addLayout(buttons);
    resize(scaled(1080), scaled(640));
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_tabs, &QTabWidget::currentChanged, this, &CopyPreviewDialog::load);
    const QString place = copy.where();
    connect(&copy, &EditScope::changed, this, [this, place] {
        if (m_copy.where() != place)
            reject();
    });
}

// Its own scope: the dataset as it stands in the window.
QWidget *CopyPreviewDialog::makeSide(const char *list, PreviewTable *&table, const QString &missing)
{
    const QString dataset = stringAt(m_copy.at(QString::fromLatin1(list)), "referenceName");
    if (dataset.isEmpty()) {
        auto *const nothing = label(missing, "hint");
        nothing->setAlignment(Qt::AlignCenter);
        return nothing;
    }
    auto *const scope = new EditScope(m_copy.workbench(), this);
    scope->showEntity({EntityKind::Dataset, dataset});
    table = new PreviewTable(*scope);
    table->setGiven(memberAt(m_copy.at(QString::fromLatin1(list)), "parameters"));
    return table;
}

void CopyPreviewDialog::go(Part part)
{
    const int index = int(part);
    m_isLoaded[index] = false;
    if (m_tabs->currentIndex() == index)
        load(index);
    else
        m_tabs->setCurrentIndex(index);
}

void CopyPreviewDialog::load(int index)
{
    if (index < 0 || m_isLoaded[index])
        return;
    m_isLoaded[index] = true;
    if (index == int(Part::Conversion))
        m_conversion->load();
    else if (PreviewTable *const table = index == int(Part::Source) ? m_source : m_sink)
        table->load();
}

} // namespace designer

#include "moc_CopyPreviewDialog.cpp"
