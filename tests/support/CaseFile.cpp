#include "tests/support/CaseFile.h"

#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>

using namespace tests;

namespace {

QByteArray joined(const QByteArrayList &lines) { return lines.join('\n'); }

} // namespace

QStringList tests::caseFiles(const QString &folder)
{
    QStringList files;
    const QDir dir(sourceDir() + QLatin1Char('/') + folder);
    for (const QString &name : dir.entryList({QStringLiteral("*.case")}, QDir::Files, QDir::Name))
        files.append(folder + QLatin1Char('/') + name);
    return files;
}

QList<Case> tests::readCases(const QString &path)
{
    QFile file(sourceDir() + QLatin1Char('/') + path);
    if (!file.open(QIODevice::ReadOnly)) {
        QTest::qFail(qPrintable(QStringLiteral("Cannot read %1").arg(path)), __FILE__, __LINE__);
        return {};
    }
    QList<Case> cases;
    QByteArrayList text;
    bool started = false;
    bool expecting = false;
    const auto finish = [&] {
        if (started)
            (expecting ? cases.last().expected : cases.last().input) = joined(text);
        text.clear();
    };
    QByteArrayList lines = file.readAll().split('\n');
    if (!lines.isEmpty() && lines.last().isEmpty())
        lines.removeLast();
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QByteArray &line = lines.at(i);
        if (line.startsWith("====")) {
            if (started && !expecting) {
                const QString where = QStringLiteral("%1:%2: a case without \"----\"").arg(path).arg(i + 1);
                QTest::qFail(qPrintable(where), __FILE__, __LINE__);
                return {};
            }
            finish();
            const QByteArray name = line.mid(4).trimmed();
            cases.append({name.isEmpty() ? QStringLiteral("line %1").arg(i + 1) : QString::fromUtf8(name), {}, {}});
            started = true;
            expecting = false;
        } else if (line == "----" && started && !expecting) {
            finish();
            expecting = true;
        } else if (started) {
            text.append(line);
        }
    }
    finish();
    if (cases.isEmpty())
        QTest::qFail(qPrintable(QStringLiteral("No cases in %1").arg(path)), __FILE__, __LINE__);
    return cases;
}

QByteArray tests::unescaped(const QByteArray &text)
{
    QByteArray plain;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text.at(i) != '\\' || i + 1 == text.size()) {
            plain.append(text.at(i));
            continue;
        }
        switch (const char named = text.at(++i)) {
        case 'n':
            plain.append('\n');
            break;
        case 'r':
            plain.append('\r');
            break;
        case 't':
            plain.append('\t');
            break;
        case '0':
            plain.append('\0');
            break;
        case 's':
            plain.append(' ');
            break;
        case 'x':
            plain.append(QByteArray::fromHex(text.mid(i + 1, 2)));
            i += 2;
            break;
        default:
            plain.append(named);
        }
    }
    return plain;
}
