#pragma once

#include "engine/model/ActivityDescriptor.h"

// What the forms of activities are made of. Texts are translated when called.
namespace engine::forms {

using Kind = PropertyDescriptor::Kind;

QString general();
QString settings();
QString activities();

PropertyDescriptor property(const QString &tab, const char *path, Kind kind, const QString &label, const QString &help);
PropertyDescriptor required(PropertyDescriptor property);
PropertyDescriptor literal(PropertyDescriptor property); // takes no expressions
PropertyDescriptor withDefault(PropertyDescriptor property, const Json &value);
PropertyDescriptor oneOf(PropertyDescriptor property, const QStringList &choices); // and no expression
PropertyDescriptor within(PropertyDescriptor property, qint64 minimum, qint64 maximum);
PropertyDescriptor onlyWhen(PropertyDescriptor property, const char *path, const QStringList &values);

QList<PropertyDescriptor> identityProperties(); // name, description, state
QList<PropertyDescriptor> policyProperties(); // timeout, retry, secure input and output
QList<PropertyDescriptor> securityProperties(); // secure input and output alone
PropertyDescriptor userProperties();
PropertyDescriptor linkedService(const QString &help);
QList<PropertyDescriptor> dataset(const QString &tab, const QString &path, const QString &label, const QString &help);

Json initialPolicy();
Json withPolicy(const char *type, const Json &typeProperties); // a new activity that is tried again
Json withoutPolicy(const char *type, const Json &typeProperties); // one of the control flow
Json emptyReference(const char *type);
Json emptyExpression();

QString generalGroup(); // of the palette
QString iterationGroup();

} // namespace engine::forms
