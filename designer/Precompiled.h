#pragma once

// What nearly every file of the designer includes, of other people's headers only: ours change, and the compiler cache
// looks at this list instead of into the precompiled file (CMakeLists.txt).

#include <QAbstractItemModel>
#include <QAction>
#include <QComboBox>
#include <QHash>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QList>
#include <QMap>
#include <QPainter>
#include <QPointer>
#include <QPushButton>
#include <QStackedWidget>
#include <QString>
#include <QTableView>
#include <QTimer>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>
#include <QWidget>

#include <nlohmann/json.hpp>

#include <functional>
#include <memory>
#include <optional>
