#include "designer/properties/Fields.h"

#include "designer/shell/Icons.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"
#include "engine/model/TimeSpan.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QScrollBar>

namespace designer {

using namespace engine;

namespace {

QHBoxLayout *bareRow(QWidget *owner, QWidget *content)
{
    auto *const layout = new QHBoxLayout(owner);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(measure::grid);
    layout->addWidget(content);
    owner->setFocusProxy(content);
    return layout;
}

} // namespace

// --- TextField ------------------------------------------------------------------------------------------------------

TextField::TextField(QWidget *parent) : Field(parent), m_line(new QLineEdit)
{
    bareRow(this, m_line);
    watch(m_line);
    m_mark = m_line->addAction(icon(QStringLiteral("square-function"), IconRole::Accent), QLineEdit::TrailingPosition);
    m_mark->setText(tr("Dynamic content"));
    m_mark->setToolTip(tr("Dynamic content: worked out when the pipeline runs"));
    m_mark->setVisible(false);
    connect(m_line, &QLineEdit::textEdited, this, [this] {
        m_isTyped = true;
        markDynamic();
        emit edited();
    });
    connect(m_line, &QLineEdit::returnPressed, this, &Field::committed);
}

void TextField::setPlaceholder(const QString &text) { m_line->setPlaceholderText(text); }

QWidget *TextField::editor() { return m_line; }

QString TextField::text() const { return m_line->text(); }

void TextField::markDynamic()
{
    m_mark->setVisible(m_takesExpressions && isDynamic(Json(toStdString(m_line->text()))));
}

void TextField::setValue(const Json &value)
{
    m_value = value;
    m_isTyped = false;
    const QString text = textOf(value);
    if (text != m_line->text()) {
        const int cursor = m_line->cursorPosition();
        m_line->setText(text);
        m_line->setCursorPosition(m_line->hasFocus() ? std::min(cursor, int(text.size())) : 0);
    }
    markDynamic();
}

Json TextField::value() const { return m_isTyped ? valueOf(m_line->text()) : m_value; }

Json TextField::valueOf(const QString &text) const { return text.isEmpty() ? Json() : dynamicValue(text, m_value); }

QString TextField::textOf(const Json &value) const { return shownText(value); }

// --- NumberField and DurationField ----------------------------------------------------------------------------------

NumberField::NumberField(qint64 minimum, qint64 maximum, QWidget *parent)
    : TextField(parent)
    , m_minimum(minimum)
    , m_maximum(maximum)
{
    m_line->setMaximumWidth(scaled(160));
    static_cast<QHBoxLayout *>(layout())->addStretch();
}

QString NumberField::mistake() const
{
    const QString written = text().trimmed();
    if (written.isEmpty() || isDynamic(Json(toStdString(written))))
        return {};
    bool ok = false;
    const qint64 number = written.toLongLong(&ok);
    if (!ok)
        return tr("“%1” is no whole number.").arg(written);
    if (number < m_minimum || (m_maximum > 0 && number > m_maximum))
        return m_maximum > 0 ? tr("Write a number from %1 to %2.").arg(m_minimum).arg(m_maximum)
                             : tr("Write a number of at least %1.").arg(m_minimum);
    return {};
}

Json NumberField::valueOf(const QString &text) const
{
    bool ok = false;
    const qint64 number = text.trimmed().toLongLong(&ok);
    return ok ? Json(number) : TextField::valueOf(text.trimmed());
}

QString DurationField::mistake() const
{
    const QString written = text().trimmed();
    if (written.isEmpty() || isDynamic(Json(toStdString(written))) || parseTimeSpan(written))
        return {};
    return tr("“%1” is no time span; write it like 0.12:00:00 for twelve hours.").arg(written);
}

// --- LongTextField --------------------------------------------------------------------------------------------------

LongTextField::LongTextField(Font font, int lines, QWidget *parent) : Field(parent), m_text(new QPlainTextEdit)
{
    bareRow(this, m_text);
    if (font == Font::Code)
        m_text->setFont(codeFont());
    m_text->setTabChangesFocus(true);
    m_text->setFixedHeight(m_text->fontMetrics().lineSpacing() * lines + 18);
    watch(m_text);
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] {
        m_isTyped = true;
        emit edited();
    });
}

void LongTextField::setValue(const Json &value)
{
    m_value = value;
    const QString text = shownText(value);
    if (text != m_text->toPlainText()) {
        const QSignalBlocker quiet(m_text);
        const int position = m_text->textCursor().position();
        m_text->setPlainText(text);
        QTextCursor cursor = m_text->textCursor();
        cursor.setPosition(std::min(position, int(text.size())));
        m_text->setTextCursor(cursor);
    }
    m_isTyped = false;
}

Json LongTextField::value() const { return m_isTyped ? valueOf(m_text->toPlainText()) : m_value; }

Json LongTextField::valueOf(const QString &text) const { return text.isEmpty() ? Json() : dynamicValue(text, m_value); }

QWidget *LongTextField::editor() { return m_text; }

// --- ExpressionField and SecretField --------------------------------------------------------------------------------

Json ExpressionField::valueOf(const QString &text) const
{
    if (before().is_string())
        return toStdString(text); // also read, and left as it is written
    Json kept = before().is_object() ? before() : Json::object();
    kept["value"] = toStdString(text);
    kept["type"] = "Expression";
    return kept;
}

SecretField::SecretField(QWidget *parent) : TextField(parent)
{
    setTakesExpressions(false);
    m_line->setEchoMode(QLineEdit::Password);
}

namespace {

bool isReference(const QString &text) { return text.startsWith(u'{'); }

} // namespace

void SecretField::setValue(const Json &value)
{
    TextField::setValue(value);
    m_line->setEchoMode(isReference(textOf(value)) ? QLineEdit::Normal : QLineEdit::Password);
}

QString SecretField::textOf(const Json &value) const
{
    if (stringAt(value, "type").compare(u"SecureString", Qt::CaseInsensitive) == 0)
        return shownText(memberAt(value, "value"));
    return shownText(value);
}

Json SecretField::valueOf(const QString &text) const
{
    if (text.isEmpty())
        return {};
    if (isReference(text)) {
        if (const auto json = parseJson(text.toUtf8(), QString()); json && json->is_object())
            return *json;
    }
    if (before().is_string())
        return toStdString(text);
    return Json{{"type", "SecureString"}, {"value", toStdString(text)}};
}

// --- BooleanField ---------------------------------------------------------------------------------------------------

BooleanField::BooleanField(const QString &words, bool fallback, QWidget *parent)
    : Field(parent)
    , m_box(new QCheckBox(words))
    , m_fallback(fallback)
{
    bareRow(this, m_box)->addStretch();
    m_box->setMinimumHeight(measure::control);
    watch(m_box);
    connect(m_box, &QCheckBox::clicked, this, [this] {
        m_isToggled = true;
        emit committed();
    });
}

void BooleanField::setValue(const Json &value)
{
    m_value = value;
    m_isToggled = false;
    m_box->setChecked(boolAt(Json{{"value", value}}, "value", m_fallback));
}

Json BooleanField::value() const { return m_isToggled ? Json(m_box->isChecked()) : m_value; }

QWidget *BooleanField::editor() { return m_box; }

// --- ChoiceField ----------------------------------------------------------------------------------------------------

namespace {

QString visibleCharacters(const QString &text)
{
    QString visible;
    for (const QChar one : text) {
        if (one == u'\t')
            visible += u"\\t";
        else if (one == u'\n')
            visible += u"\\n";
        else if (one == u'\r')
            visible += u"\\r";
        else if (one.unicode() < 0x20 || one.unicode() == 0x7f)
            visible += QStringLiteral("\\x%1").arg(int(one.unicode()), 2, 16, QLatin1Char('0'));
        else
            visible += one;
    }
    return visible;
}

// The other way round; a backslash before anything else is one.
QString charactersOf(const QString &visible)
{
    static const QRegularExpression escape(QStringLiteral("\\\\(?:([tnr])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))"));
    QString text;
    qsizetype at = 0;
    for (auto found = escape.globalMatch(visible); found.hasNext();) {
        const QRegularExpressionMatch match = found.next();
        text += visible.mid(at, match.capturedStart() - at);
        const QString letter = match.captured(1);
        if (letter.isEmpty())
            text += QChar(QString(match.captured(2) + match.captured(3)).toUShort(nullptr, 16));
        else
            text += letter == u"t" ? u'\t' : letter == u"n" ? u'\n' : u'\r';
        at = match.capturedEnd();
    }
    return text + visible.mid(at);
}

} // namespace

ChoiceField::ChoiceField(const QList<Choice> &choices, const QString &fallback, Entry entry, QWidget *parent)
    : Field(parent)
    , m_box(new QComboBox)
    , m_fallback(fallback)
    , m_isFree(entry == Entry::Free)
{
    bareRow(this, m_box);
    m_box->setEditable(m_isFree);
    m_box->setInsertPolicy(QComboBox::NoInsert);
    m_box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setChoices(choices);
    watch(m_box);
    if (m_isFree)
        watch(m_box->lineEdit());
    connect(m_box, &QComboBox::activated, this, &Field::committed);
    if (m_isFree)
        connect(m_box->lineEdit(), &QLineEdit::textEdited, this, &Field::edited);
}

void ChoiceField::setChoices(const QList<Choice> &choices)
{
    m_choices = choices;
    const QSignalBlocker quiet(m_box);
    m_box->clear();
    for (const Choice &choice : choices)
        m_box->addItem(choice.words, choice.value);
    select(m_value.is_null() ? m_fallback : shownText(m_value));
}

void ChoiceField::select(const QString &value)
{
    const QSignalBlocker quiet(m_box);
    while (m_box->count() > m_choices.size())
        m_box->removeItem(m_box->count() - 1);
    int index = -1;
    for (int i = 0; i < m_choices.size() && index < 0; ++i) {
        if (m_choices[i].value.compare(value, Qt::CaseInsensitive) == 0)
            index = i;
    }
    if (index < 0 && m_isFree) {
        m_box->setCurrentIndex(-1);
        const QString shown = m_most > 0 ? visibleCharacters(value) : value;
        if (m_box->currentText() != shown)
            m_box->setEditText(shown);
        return;
    }
    if (index < 0) {
        m_box->addItem(value, value);
        index = m_box->count() - 1;
    }
    m_box->setCurrentIndex(index);
}

void ChoiceField::setValue(const Json &value)
{
    m_value = value;
    select(value.is_null() ? m_fallback : shownText(value));
}

QString ChoiceField::chosen() const
{
    if (!m_isFree || (m_box->currentIndex() >= 0 && m_box->currentText() == m_box->itemText(m_box->currentIndex())))
        return m_box->currentData().toString();
    const QString typed = m_box->currentText();
    for (const Choice &choice : m_choices) {
        if (choice.words.compare(typed, Qt::CaseInsensitive) == 0)
            return choice.value;
    }
    return m_most > 0 && !isDynamic(Json(toStdString(typed))) ? charactersOf(typed) : typed;
}

Json ChoiceField::value() const
{
    const QString text = chosen();
    if ((m_value.is_null() && text == m_fallback) || (m_writesBooleans && text.isEmpty()))
        return {};
    if (m_writesBooleans && shownText(m_value).compare(text, Qt::CaseInsensitive) != 0)
        return text == u"true";
    return shownText(m_value) == text ? m_value : dynamicValue(text, m_value);
}

QString ChoiceField::mistake() const
{
    const QString text = chosen();
    if (m_most == 0 || text.size() <= m_most || isDynamic(Json(toStdString(text))))
        return {};
    return tr("At most %n character(s); a tab is written \\t.", nullptr, m_most);
}

QWidget *ChoiceField::editor() { return m_box; }

// --- JsonField ------------------------------------------------------------------------------------------------------

JsonField::JsonField(QWidget *parent) : Field(parent), m_text(new QPlainTextEdit)
{
    bareRow(this, m_text);
    m_text->setFont(codeFont());
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setTabChangesFocus(true);
    m_text->setMinimumHeight(140);
    watch(m_text);
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] {
        m_isTyped = true;
        emit edited();
    });
}

void JsonField::setValue(const Json &value)
{
    m_value = value;
    const QString text = QString::fromUtf8(toPretty(value));
    if (text != m_text->toPlainText()) {
        const QSignalBlocker quiet(m_text);
        const int position = m_text->textCursor().position();
        const int scrolled = m_text->verticalScrollBar()->value();
        m_text->setPlainText(text);
        QTextCursor cursor = m_text->textCursor();
        cursor.setPosition(std::min(position, int(text.size())));
        m_text->setTextCursor(cursor);
        m_text->verticalScrollBar()->setValue(scrolled);
    }
    m_isTyped = false;
}

Json JsonField::value() const
{
    if (!m_isTyped)
        return m_value;
    const auto json = parseJson(m_text->toPlainText().toUtf8(), QString());
    return json ? *json : m_value;
}

QString JsonField::mistake() const
{
    const auto json = parseJson(m_text->toPlainText().toUtf8(), tr("line"));
    if (!json)
        return tr("This is no JSON yet and is not written (%1): %2").arg(json.error().where, json.error().message);
    return json->is_object() ? QString() : tr("Put it between { and }.");
}

QWidget *JsonField::editor() { return m_text; }

} // namespace designer

#include "moc_Fields.cpp"
