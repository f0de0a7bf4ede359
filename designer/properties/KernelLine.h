#pragma once

#include <QLabel>

namespace designer {

class EditScope;

// The kernel a notebook activity runs on, as its linked service is bound on this machine.
class KernelLine final : public QLabel
{
    Q_OBJECT

public:
    explicit KernelLine(EditScope &scope, QWidget *parent = nullptr);

protected:
    void changeEvent(QEvent *event) override; // the link's colour is of the theme

private:
    void showKernel();

    EditScope &m_scope;
};

} // namespace designer
