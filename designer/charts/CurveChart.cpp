#include "designer/charts/CurveChart.h"

#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"

#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QSaveFile>
#include <QSettings>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>
#include <limits>

namespace designer {

namespace {

const QString folderKey = QStringLiteral("charts/folder");

QByteArray quoted(const QString &text)
{
    QByteArray bytes = text.toUtf8();
    if (!bytes.contains(',') && !bytes.contains('"') && !bytes.contains('\n'))
        return bytes;
    bytes.replace('"', "\"\"");
    return '"' + bytes + '"';
}

QByteArray number(double value) { return QByteArray::number(value, 'g', std::numeric_limits<double>::max_digits10); }

} // namespace

CurveChart::CurveChart(Workbench &workbench, const QString &objectName, QWidget *parent)
    : QFrame(parent)
    , m_workbench(workbench)
    , m_plot(new Plot)
    , m_title(label({}))
    , m_summary(label({}, "secondary"))
    , m_legend(label({}, "secondary"))
    , m_menu(iconButton(objectName + QStringLiteral("Menu"),
                        QStringLiteral("download"),
                        tr("Save this chart as a picture, or its values")))
{
    setObjectName(objectName);
    setAccessibleName(tr("Chart"));
    setToolTip(tr("← and → read the values, ↑ and ↓ take another curve"));
    setLook(this, "card");
    setFocusPolicy(Qt::TabFocus);
    m_title->setFont(themeFont(TypeSize::Body, QFont::DemiBold));
    m_summary->setWordWrap(true);
    m_legend->setWordWrap(true);
    m_legend->setTextFormat(Qt::RichText);
    auto *const menu = new QMenu(m_menu);
    const QList<std::pair<QString, QString>> ways{{tr("Save as PNG…"), QStringLiteral("png")},
                                                  {tr("Save as SVG…"), QStringLiteral("svg")},
                                                  {tr("Save values as CSV…"), QStringLiteral("csv")}};
    for (const auto &[text, suffix] : ways) {
        QAction *const action = menu->addAction(text);
        connect(action, &QAction::triggered, this, [this, suffix = suffix] { saveAs(suffix); });
    }
    m_menu->setMenu(menu);
    m_menu->setPopupMode(QToolButton::InstantPopup);
    auto *const head = new QHBoxLayout;
    head->setSpacing(10);
    head->addWidget(m_title);
    head->addStretch(1);
    head->addWidget(m_menu);
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 8, 8);
    column->setSpacing(2);
    column->addLayout(head);
    column->addWidget(m_legend);
    column->addWidget(m_summary);
    column->addWidget(m_plot, 1);
    connect(m_plot, &Plot::pointed, this, &CurveChart::pointAt);
    connect(m_plot, &Plot::left, this, [this] {
        if (!hasFocus())
            point(m_series, -1);
    });
}

void CurveChart::setContent(const Content &content)
{
    m_content = content;
    m_title->setText(content.title);
    m_summary->setText(content.summary);
    m_summary->setVisible(!content.summary.isEmpty());
    m_plot->setAxes(content.x, content.y);
    m_plot->setSeries(content.series);
    setAccessibleName(content.title);
    setAccessibleDescription(content.summary);
    showLegend();
    m_series = 0;
    point(0, -1);
}

void CurveChart::showLegend()
{
    QStringList entries;
    QStringList names;
    const qsizetype count = m_content.series.size();
    for (int i = 0; i < count && count > 1; ++i) {
        const PlotSeries &one = m_content.series.at(i);
        if (one.name.isEmpty())
            continue;
        const bool isReference = one.kind == PlotSeries::Kind::Reference;
        const QColor colour = isReference ? Theme::current().text3 : Plot::colourOf(i);
        // A mark and its name stay on one line.
        const QString words = fontMetrics().elidedText(one.name, Qt::ElideMiddle, scaled(150)).toHtmlEscaped();
        entries.append(
            QStringLiteral("<span style='white-space:nowrap'><span style='color:%1'>%2</span>&nbsp;%3</span>")
                .arg(colour.name(),
                     isReference ? QStringLiteral("┄") : QStringLiteral("●"),
                     QString(words).replace(u' ', QStringLiteral("&nbsp;"))));
        names.append(one.name);
    }
    m_legend->setText(entries.join(QStringLiteral(" &nbsp; ")));
    m_legend->setToolTip(names.join(u'\n').toHtmlEscaped());
    m_legend->setVisible(!entries.isEmpty());
}

bool CurveChart::isPointable(int series) const
{
    return series >= 0 && series < m_content.series.size()
        && m_content.series.at(series).kind != PlotSeries::Kind::Reference
        && !m_content.series.at(series).points.isEmpty();
}

void CurveChart::point(int series, int index)
{
    m_pointed = index;
    if (!isPointable(series) || index < 0 || index >= m_content.series.at(series).points.size()) {
        m_pointed = -1;
        m_plot->mark(std::nullopt);
        setAccessibleDescription(m_content.summary);
        return;
    }
    m_series = series;
    const PlotSeries &one = m_content.series.at(series);
    const QPointF &value = one.points.at(index);
    const auto words = [](const PlotAxis &axis, double number) {
        return axis.words ? axis.words(number) : QString::number(number);
    };
    QString text = QStringLiteral("%1 %2 · %3 %4")
                       .arg(m_content.x.title, words(m_content.x, value.x()), m_content.y.title)
                       .arg(words(m_content.y, value.y()));
    if (m_content.series.size() > 1 && !one.name.isEmpty())
        text.prepend(one.name + QStringLiteral(": "));
    m_plot->mark(value, text);
    setAccessibleDescription(text);
}

// The value nearest to the pointer, of all series, by the places on the screen.
void CurveChart::pointAt(QPointF value)
{
    int series = -1;
    int index = -1;
    double least = std::numeric_limits<double>::infinity();
    const double width = std::max(1e-12, m_content.x.high - m_content.x.low);
    const double height = std::max(1e-12, m_content.y.high - m_content.y.low);
    const bool isXOnly = !(m_content.y.low < m_content.y.high);
    for (int i = 0; i < m_content.series.size(); ++i) {
        if (!isPointable(i))
            continue;
        const QList<QPointF> &points = m_content.series.at(i).points;
        for (int at = 0; at < points.size(); ++at) {
            const double across = (points[at].x() - value.x()) / width;
            const double up = isXOnly ? 0 : (points[at].y() - value.y()) / height;
            if (const double away = across * across + up * up; away < least) {
                least = away;
                series = i;
                index = at;
            }
        }
    }
    point(series, index);
}

QByteArray CurveChart::csv() const
{
    QByteArray text = "series," + quoted(m_content.x.title) + ',' + quoted(m_content.y.title) + '\n';
    for (const PlotSeries &one : m_content.series) {
        for (const QPointF &value : one.points)
            text += quoted(one.name) + ',' + number(value.x()) + ',' + number(value.y()) + '\n';
    }
    return text;
}

bool CurveChart::save(const QString &file)
{
    if (!file.endsWith(u".csv", Qt::CaseInsensitive)) {
        point(m_series, -1);
        return m_plot->save(file);
    }
    QSaveFile target(file);
    const QByteArray text = csv();
    return target.open(QIODevice::WriteOnly) && target.write(text) == text.size() && target.commit();
}

void CurveChart::saveAs(const QString &suffix)
{
    const QString folder = m_workbench.settings().value(folderKey, QDir::homePath()).toString();
    QString base = m_content.title;
    base.replace(u'/', u'-');
    const QString file = QFileDialog::getSaveFileName(window(),
                                                      tr("Save %1").arg(m_content.title),
                                                      QDir(folder).filePath(base + u'.' + suffix),
                                                      QStringLiteral("*.%1").arg(suffix));
    if (file.isEmpty())
        return;
    const QString named = QFileInfo(file).suffix().isEmpty() ? QString(file + u'.' + suffix) : file;
    m_workbench.settings().setValue(folderKey, QFileInfo(named).path());
    const bool isSaved = save(named);
    Message message{.about = QStringLiteral("charts/save")};
    message.level = isSaved ? Message::Level::Done : Message::Level::Error;
    message.text = isSaved ? tr("The chart is in %1.").arg(QDir::toNativeSeparators(named))
                           : tr("%1 could not be written. Choose another place.").arg(QDir::toNativeSeparators(named));
    m_workbench.tell(message);
}

void CurveChart::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        m_title->setFont(themeFont(TypeSize::Body, QFont::DemiBold));
        showLegend();
    }
}

void CurveChart::keyPressEvent(QKeyEvent *event)
{
    if (!isPointable(m_series)) {
        QFrame::keyPressEvent(event);
        return;
    }
    const int last = int(m_content.series.at(m_series).points.size()) - 1;
    const auto other = [&](int step) {
        int next = m_series + step;
        while (next >= 0 && next < m_content.series.size() && !isPointable(next))
            next += step;
        if (isPointable(next))
            point(next, std::clamp(m_pointed, 0, int(m_content.series.at(next).points.size()) - 1));
    };
    switch (event->key()) {
    case Qt::Key_Left:
        point(m_series, m_pointed < 0 ? last : qMax(0, m_pointed - 1));
        return;
    case Qt::Key_Right:
        point(m_series, qMin(last, m_pointed + 1));
        return;
    case Qt::Key_Home:
        point(m_series, 0);
        return;
    case Qt::Key_End:
        point(m_series, last);
        return;
    case Qt::Key_Up:
        other(-1);
        return;
    case Qt::Key_Down:
        other(1);
        return;
    default:
        QFrame::keyPressEvent(event);
    }
}

void CurveChart::focusOutEvent(QFocusEvent *event)
{
    QFrame::focusOutEvent(event);
    point(m_series, -1);
}

} // namespace designer

#include "moc_CurveChart.cpp"
