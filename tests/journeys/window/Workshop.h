#pragma once

#include "tests/journeys/EngineHome.h"
#include "tests/journeys/window/Desktop.h"
#include "tests/journeys/window/Hands.h"
#include "tests/journeys/window/WindowUnderTest.h"

namespace tests {

// One person's desk: a home with a real engine, the window on a desktop of its own, and what the Titanic's factory is
// made from: the passengers' database, the notebooks, the trained model and yesterday's predictions.
class Workshop
{
public:
    Workshop(); // the window is set to the measures of pictures
    ~Workshop();

    bool hasDesktop(); // false: why()
    // From the sample, run once: titanic.db, storage/ and notebooks/. False: why(), also when there is no desktop.
    bool prepare();
    bool putTitanicInto(const QString &folder); // without what is to be drawn: pipelines, datasets, linked services
    bool makeSample(); // as the factory, as it comes; with the window's settings as at first
    QString emptyFolder(); // for a new factory; `ctl` means this one from now on

    EngineHome &home() { return m_home; }
    WindowUnderTest &window() { return m_window; }
    Hands &hands() { return m_hands; }
    QString why() const { return m_why; }

    QMap<QString, QByteArray> files() const; // of the factory, by path; without .slipway/local
    qint64 predictions() const; // rows of titanic_predictions in the factory's database; -1 = it cannot be read
    static int slowEvents(Hands &hands); // what the watchdog saw

private:
    bool did(const EngineHome::Answer &answer);
    void setWindow() const; // to the measures of pictures

    Desktop m_desktop; // first: what is started later is shown on it
    EngineHome m_home;
    WindowUnderTest m_window;
    Hands m_hands;
    QString m_why;
};

} // namespace tests
