#pragma once

#include "designer/widgets/ReadingOrder.h"

class QTabWidget;

namespace designer {

class ConversionPreview;
class EditScope;
class PreviewTable;

// The rows of a copy's source and sink, and what its conversion would make of them, in a window of their own: each is
// read when it is first looked at. The scope outlives it; the window closes when another copy is shown. GUI thread.
class CopyPreviewDialog final : public Dialog
{
    Q_OBJECT

public:
    enum class Part { Source, Sink, Conversion };

    explicit CopyPreviewDialog(EditScope &copy, QWidget *parent = nullptr);

    void go(Part part); // shows it, and reads it anew

private:
    QWidget *makeSide(const char *list, PreviewTable *&table, const QString &missing);
    void load(int index);

    EditScope &m_copy;
    QTabWidget *m_tabs;
    PreviewTable *m_source = nullptr;
    PreviewTable *m_sink = nullptr;
    ConversionPreview *m_conversion;
    QList<bool> m_isLoaded{false, false, false};
};

} // namespace designer
