#pragma once

#include <QString>

namespace designer {

class CanvasScene;
class CanvasView;

// What a screen reader is told: the canvas is a list of its activities, in the order of the file, each with its name,
// type, state and neighbours.
void installCanvasAccessibility(); // once is enough, more does no harm
QString nodeDescription(const CanvasScene &scene, int node); // all but its name
void tellFocus(CanvasView &view); // the current activity is another one

} // namespace designer
