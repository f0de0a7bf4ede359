#pragma once

#include "engine/base/Clock.h"

#include <QWidget>

class QBoxLayout;
class QLabel;
class QPushButton;
class QTimer;

namespace designer {

class ActionCard;
class AttentionCard;
class IconLabel;
class NextCard;
class RecentCard;
class RecentFactories;
class SetupCard;
class Workbench;

// Home: what needs attention, how to begin, where one was, what comes next. Live by the engine's events. GUI thread.
class HomePage final : public QWidget
{
    Q_OBJECT

public:
    HomePage(Workbench &workbench, RecentFactories &recent, QWidget *parent = nullptr);
    ~HomePage() override;

    // Keeps the present as the time the user looked last. Done once a minute and at the end, so that a crash does not
    // make everything look new.
    void rememberVisit();

    static constexpr int widest = 1720; // of the content; beyond it, the page has wider margins

signals:
    void newFactoryRequested();
    void openFactoryRequested();
    void sampleRequested();
    void recentRequested(const QString &folder);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    void build();
    QWidget *makeEngineBar();
    void greet();
    void showEngine();

    Workbench &m_workbench;
    const engine::Instant m_since;
    const bool m_isFirst; // nothing is known of an earlier visit
    QLabel *m_greeting;
    QLabel *m_summary;
    QWidget *m_engineBar;
    IconLabel *m_engineIcon;
    QLabel *m_engineText;
    QPushButton *m_engineStart;
    AttentionCard *m_attention;
    RecentCard *m_recent;
    NextCard *m_next;
    SetupCard *m_setup;
    QBoxLayout *m_columns;
    QWidget *m_content;
    QTimer *m_minute;
};

} // namespace designer
