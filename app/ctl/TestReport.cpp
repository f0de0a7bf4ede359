#include "app/ctl/TestReport.h"

#include <QCoreApplication>
#include <QXmlStreamWriter>

#include <algorithm>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct TestReportText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::TestReport)
};

QString placeText(const PipelineTest &test, const ValuePlace &place)
{
    return QStringLiteral("%1:%2").arg(test.file).arg(place.line);
}

// A text that is one is shown without its quotes' escapes being needed to be read, long values in part.
QString valueText(const Json &value) { return shortened(value, 300); }

QStringList linesAbout(const TestOutcome &outcome, const Mismatch &mismatch)
{
    QStringList lines{QStringLiteral("    %1   %2")
                          .arg(mismatch.path, placeText(outcome.test, outcome.places.value(mismatch.pointer)))};
    lines.append(QStringLiteral("      %1  %2").arg(TestReportText::tr("expected"), valueText(mismatch.expected)));
    lines.append(QStringLiteral("      %1  %2")
                     .arg(TestReportText::tr("got").leftJustified(TestReportText::tr("expected").size()),
                          mismatch.got ? valueText(*mismatch.got) : TestReportText::tr("nothing")));
    for (const QString &note : mismatch.note.split(u'\n', Qt::SkipEmptyParts))
        lines.append(QStringLiteral("      ") + note);
    return lines;
}

QStringList detailsOf(const TestOutcome &outcome)
{
    QStringList lines;
    for (const QString &line : outcome.error.split(u'\n', Qt::SkipEmptyParts))
        lines.append(QStringLiteral("    ") + line);
    for (const Mismatch &mismatch : outcome.mismatches)
        lines += linesAbout(outcome, mismatch);
    return lines;
}

QString forXml(QString text)
{
    for (QChar &character : text) {
        const bool isAllowed = character >= u' ' || character == u'\n' || character == u'\t' || character == u'\r';
        if (!isAllowed || character == QChar(0xFFFE) || character == QChar(0xFFFF))
            character = QChar(QChar::ReplacementCharacter);
    }
    return text;
}

QString seconds(qint64 milliseconds) { return QString::number(double(milliseconds) / 1000.0, 'f', 3); }

void writeCase(QXmlStreamWriter &xml, const TestOutcome &outcome)
{
    xml.writeStartElement(QStringLiteral("testcase"));
    xml.writeAttribute(QStringLiteral("name"), forXml(outcome.test.name));
    xml.writeAttribute(QStringLiteral("classname"), forXml(outcome.test.pipeline));
    xml.writeAttribute(QStringLiteral("file"), forXml(outcome.test.file));
    xml.writeAttribute(QStringLiteral("line"), QString::number(outcome.place.line));
    xml.writeAttribute(QStringLiteral("time"), seconds(outcome.milliseconds));
    if (!outcome.hasPassed()) {
        const bool isError = !outcome.error.isEmpty();
        xml.writeStartElement(isError ? QStringLiteral("error") : QStringLiteral("failure"));
        xml.writeAttribute(QStringLiteral("type"), isError ? QStringLiteral("Error") : QStringLiteral("Mismatch"));
        xml.writeAttribute(QStringLiteral("message"),
                           forXml(isError ? outcome.error : outcome.mismatches.first().path));
        xml.writeCharacters(forXml(detailsOf(outcome).join(u'\n')));
        xml.writeEndElement();
    }
    xml.writeEndElement();
}

void writeBroken(QXmlStreamWriter &xml, const Problem &problem)
{
    xml.writeStartElement(QStringLiteral("testcase"));
    xml.writeAttribute(QStringLiteral("name"), forXml(problem.where));
    xml.writeAttribute(QStringLiteral("classname"), QStringLiteral("PipelineTest"));
    xml.writeAttribute(QStringLiteral("time"), seconds(0));
    xml.writeStartElement(QStringLiteral("error"));
    xml.writeAttribute(QStringLiteral("type"), forXml(problem.code));
    xml.writeAttribute(QStringLiteral("message"), forXml(problem.message));
    xml.writeEndElement();
    xml.writeEndElement();
}

} // namespace

int TestReport::failed() const
{
    return int(std::count_if(
        outcomes.cbegin(), outcomes.cend(), [](const TestOutcome &outcome) { return !outcome.hasPassed(); }));
}

QStringList linesAbout(const TestOutcome &outcome)
{
    const QString sign = outcome.hasPassed() ? QStringLiteral("✓") : QStringLiteral("✗");
    return QStringList{QStringLiteral("%1 %2   %3").arg(sign, outcome.test.name, duration(outcome.milliseconds))}
    + detailsOf(outcome);
}

QString summaryOf(const TestReport &report)
{
    const int failed = report.failed();
    QString text = TestReportText::tr("%n test(s)", nullptr, int(report.outcomes.size())) + QStringLiteral(": ")
        + TestReportText::tr("%n passed", nullptr, int(report.outcomes.size()) - failed);
    if (failed > 0)
        text += QStringLiteral(", ") + TestReportText::tr("%n failed", nullptr, failed);
    if (!report.broken.isEmpty())
        text += QStringLiteral(", ")
            + TestReportText::tr("%n mistake(s) in test files", nullptr, int(report.broken.size()));
    return text + QStringLiteral("   ") + duration(report.milliseconds);
}

Json toJson(const TestOutcome &outcome)
{
    Json json = {{"name", toStdString(outcome.test.name)},
                 {"pipeline", toStdString(outcome.test.pipeline)},
                 {"file", toStdString(outcome.test.file)},
                 {"line", outcome.place.line},
                 {"passed", outcome.hasPassed()},
                 {"milliseconds", outcome.milliseconds}};
    if (!outcome.error.isEmpty())
        json["error"] = toStdString(outcome.error);
    Json list = Json::array();
    for (const Mismatch &mismatch : outcome.mismatches) {
        Json one = {{"path", toStdString(mismatch.path)},
                    {"line", outcome.places.value(mismatch.pointer).line},
                    {"expected", mismatch.expected}};
        if (mismatch.got)
            one["got"] = *mismatch.got;
        if (!mismatch.note.isEmpty())
            one["note"] = toStdString(mismatch.note);
        list.push_back(std::move(one));
    }
    if (!list.empty())
        json["mismatches"] = std::move(list);
    return json;
}

QByteArray toJUnit(const TestReport &report)
{
    QByteArray text;
    QXmlStreamWriter xml(&text);
    xml.setAutoFormatting(true);
    xml.setAutoFormattingIndent(2);
    xml.writeStartDocument();
    xml.writeStartElement(QStringLiteral("testsuite"));
    const auto errors = std::count_if(report.outcomes.cbegin(), report.outcomes.cend(), [](const TestOutcome &outcome) {
        return !outcome.error.isEmpty();
    });
    xml.writeAttribute(QStringLiteral("name"), forXml(report.factory.section(u'/', -1)));
    xml.writeAttribute(QStringLiteral("tests"), QString::number(report.outcomes.size() + report.broken.size()));
    xml.writeAttribute(QStringLiteral("failures"), QString::number(report.failed() - errors));
    xml.writeAttribute(QStringLiteral("errors"), QString::number(errors + report.broken.size()));
    xml.writeAttribute(QStringLiteral("skipped"), QStringLiteral("0"));
    xml.writeAttribute(QStringLiteral("timestamp"), report.begun.toUTC().toString(Qt::ISODate));
    xml.writeAttribute(QStringLiteral("time"), seconds(report.milliseconds));
    for (const TestOutcome &outcome : report.outcomes)
        writeCase(xml, outcome);
    for (const Problem &problem : report.broken)
        writeBroken(xml, problem);
    xml.writeEndElement();
    xml.writeEndDocument();
    return text;
}

} // namespace ctl
