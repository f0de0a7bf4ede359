#include "designer/shell/Icons.h"
#include "designer/shell/Theme.h"

#include "tests/support/TestMain.h"

#include <QFile>

#include <cmath>

using namespace designer;

namespace {

// WCAG 2.1's relative luminance and contrast ratio.
double luminance(const QColor &colour)
{
    const auto part = [](double value) {
        return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * part(colour.redF()) + 0.7152 * part(colour.greenF()) + 0.0722 * part(colour.blueF());
}

double contrast(const QColor &a, const QColor &b)
{
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

} // namespace

class TestTheme : public QObject
{
    Q_OBJECT

private slots:
    void isReadable_data();
    void isReadable();
    void hasEveryIconItNames();
    void drawsIconsInTheColourOfTheTheme();
};

void TestTheme::isReadable_data()
{
    QTest::addColumn<QColor>("ink");
    QTest::addColumn<QColor>("paper");
    QTest::addColumn<double>("least");
    for (const Theme &theme : {Theme::light(), Theme::dark()}) {
        const char *const mode = theme.mode == Theme::Mode::Light ? "light" : "dark";
        const auto row = [mode](const char *what, const QColor &ink, const QColor &paper, double least) {
            QTest::addRow("%s %s", mode, what) << ink << paper << least;
        };
        row("text on surface", theme.text, theme.surface, 4.5);
        row("text on selection", theme.text, theme.selection, 4.5);
        row("secondary on surface", theme.text2, theme.surface, 4.5);
        row("secondary on sunken", theme.text2, theme.sunken, 4.5);
        row("accent on surface", theme.accent, theme.surface, 4.5);
        row("text on accent", theme.onAccent, theme.accent, 4.5);
        row("ok on its tint", theme.ok, theme.okBg, 4.5);
        row("bad on its tint", theme.bad, theme.badBg, 4.5);
        row("run on its tint", theme.run, theme.runBg, 3.9);
        row("warn on its tint", theme.warn, theme.warnBg, 4.3);
        row("idle on surface", theme.idle, theme.surface, 3);
        row("held on surface", theme.held, theme.surface, 3);
    }
}

void TestTheme::isReadable()
{
    QFETCH(QColor, ink);
    QFETCH(QColor, paper);
    QFETCH(double, least);
    QVERIFY2(contrast(ink, paper) >= least, qPrintable(QString::number(contrast(ink, paper))));
}

void TestTheme::hasEveryIconItNames()
{
    QFile names(tests::sourceDir() + QStringLiteral("/designer/icons.txt"));
    QVERIFY(names.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = names.readAll().split('\n');
    iconPixmap(QStringLiteral("house"), Qt::black, 16); // makes the resource known
    int count = 0;
    for (const QByteArray &line : lines) {
        if (line.isEmpty() || line.startsWith('#'))
            continue;
        ++count;
        QVERIFY2(QFile::exists(QStringLiteral(":/icons/%1.svg").arg(QString::fromLatin1(line))), line.constData());
    }
    QVERIFY(count > 50);
}

void TestTheme::drawsIconsInTheColourOfTheTheme()
{
    const QImage image = iconPixmap(QStringLiteral("square"), QColor(0x14608F), 96).toImage();
    bool isFound = false;
    for (int x = 0; x < image.width() && !isFound; ++x)
        isFound = image.pixelColor(x, 48).alpha() == 255 && image.pixelColor(x, 48).rgb() == QColor(0x14608F).rgb();
    QVERIFY(isFound);
}

SLIPWAY_TEST(TestTheme)
#include "TestTheme.moc"
