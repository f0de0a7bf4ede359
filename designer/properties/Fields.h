#pragma once

#include "designer/properties/Field.h"

#include <QMap>
#include <QStringList>

class QAction;
class QCheckBox;
class QComboBox;
class QPlainTextEdit;

namespace designer {

// One line of text; dynamic content is marked. Keys of `shown` are texts as they stand in the file, values what the
// user reads in their place ("\t" → "Tab").
class TextField : public Field
{
    Q_OBJECT

public:
    explicit TextField(QWidget *parent = nullptr);

    void setPlaceholder(const QString &text);
    void setTakesExpressions(bool takes) { m_takesExpressions = takes; }
    void setValue(const engine::Json &value) override;
    engine::Json value() const override;
    QWidget *editor() override;
    QString text() const;

protected:
    virtual engine::Json valueOf(const QString &text) const; // of what was typed
    virtual QString textOf(const engine::Json &value) const;
    const engine::Json &before() const { return m_value; }
    QLineEdit *m_line;

private:
    void markDynamic();

    QAction *m_mark;
    engine::Json m_value;
    bool m_takesExpressions = true;
    bool m_isTyped = false;
};

// A whole number within limits.
class NumberField final : public TextField
{
    Q_OBJECT

public:
    NumberField(qint64 minimum, qint64 maximum, QWidget *parent = nullptr);
    QString mistake() const override;

protected:
    engine::Json valueOf(const QString &text) const override;

private:
    qint64 m_minimum;
    qint64 m_maximum; // 0 = none
};

// A time span of .NET: "0.12:00:00".
class DurationField final : public TextField
{
    Q_OBJECT

public:
    using TextField::TextField;
    QString mistake() const override;
};

// Several lines, as text or code.
class LongTextField : public Field
{
    Q_OBJECT

public:
    enum class Font { Text, Code };
    explicit LongTextField(Font font, int lines, QWidget *parent = nullptr);

    void setValue(const engine::Json &value) override;
    engine::Json value() const override;
    QWidget *editor() override;

protected:
    virtual engine::Json valueOf(const QString &text) const; // of what was typed
    const engine::Json &before() const { return m_value; }

private:
    QPlainTextEdit *m_text;
    engine::Json m_value;
    bool m_isTyped = false;
};

// An expression that stands in the file as {"value": "@…", "type": "Expression"}.
class ExpressionField final : public LongTextField
{
    Q_OBJECT

public:
    explicit ExpressionField(QWidget *parent = nullptr) : LongTextField(Font::Code, 2, parent) { }

protected:
    engine::Json valueOf(const QString &text) const override;
};

// A password or key, shown as dots: {"type": "SecureString", "value": …}. A reference to a vault is shown as it is.
class SecretField final : public TextField
{
    Q_OBJECT

public:
    explicit SecretField(QWidget *parent = nullptr);
    void setValue(const engine::Json &value) override;

protected:
    engine::Json valueOf(const QString &text) const override;
    QString textOf(const engine::Json &value) const override;
};

class BooleanField final : public Field
{
    Q_OBJECT

public:
    BooleanField(const QString &words, bool fallback, QWidget *parent = nullptr);

    void setValue(const engine::Json &value) override;
    engine::Json value() const override;
    QWidget *editor() override;

private:
    QCheckBox *m_box;
    engine::Json m_value;
    bool m_fallback;
    bool m_isToggled = false;
};

// One of several texts; a value that is none of them is kept and shown. Editable: any text, with proposals.
class ChoiceField final : public Field
{
    Q_OBJECT

public:
    struct Choice
    {
        QString value; // as in the file
        QString words; // translated
    };
    enum class Entry { Listed, Free };
    ChoiceField(const QList<Choice> &choices, const QString &fallback, Entry entry, QWidget *parent = nullptr);

    void setChoices(const QList<Choice> &choices);
    void setWritesBooleans() { m_writesBooleans = true; } // true and false, instead of texts
    // Its texts are characters: those that cannot be seen are typed and shown as \t, \n, \x01; no more than `most`.
    void setCharacters(int most) { m_most = most; }
    void setValue(const engine::Json &value) override;
    engine::Json value() const override;
    QString mistake() const override;
    QWidget *editor() override;

private:
    void select(const QString &value);
    QString chosen() const; // as it would be written

    QComboBox *m_box;
    QList<Choice> m_choices;
    QString m_fallback;
    engine::Json m_value;
    bool m_isFree;
    bool m_isSetting = false;
    bool m_writesBooleans = false;
    int m_most = 0; // characters; 0 = it is no such text
};

// The part as JSON, for what has no form. Written when the focus leaves and it can be read.
class JsonField final : public Field
{
    Q_OBJECT

public:
    explicit JsonField(QWidget *parent = nullptr);

    void setValue(const engine::Json &value) override;
    engine::Json value() const override;
    QString mistake() const override;
    QWidget *editor() override;
    bool isWide() const override { return true; }

private:
    QPlainTextEdit *m_text;
    engine::Json m_value;
    bool m_isTyped = false;
};

} // namespace designer
