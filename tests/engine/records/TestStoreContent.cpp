#include "engine/records/StoreContent.h"
#include "tests/support/TestMain.h"

using namespace engine;

class TestStoreContent : public QObject
{
    Q_OBJECT

private slots:
    void listingsAreReadBackAsWritten();
    void previewsAreReadBackAsWritten();
    void whatIsMissingIsEmpty();
};

SLIPWAY_TEST(TestStoreContent)

void TestStoreContent::listingsAreReadBackAsWritten()
{
    StoreListing listing;
    for (const auto kind : {StoreEntry::Kind::Folder,
                            StoreEntry::Kind::File,
                            StoreEntry::Kind::Schema,
                            StoreEntry::Kind::Table,
                            StoreEntry::Kind::View,
                            StoreEntry::Kind::Notebook})
        listing.entries.append({toString(kind), u"data/" + toString(kind), kind, std::nullopt, std::nullopt});
    listing.entries[1].size = 0;
    listing.entries[1].modified = instantFromIso(QStringLiteral("2026-01-31T12:00:00.500Z"));
    listing.truncated = true;
    const Json json = toJson(listing);
    QVERIFY(storeListingFromJson(json) == listing);
    QVERIFY(!json["entries"][0].contains("size"));
    QCOMPARE(stringAt(json["entries"][5], "kind"), QStringLiteral("notebook"));
}

void TestStoreContent::previewsAreReadBackAsWritten()
{
    StorePreview preview;
    preview.columns = {{QStringLiteral("id"), QStringLiteral("Int64"), QStringLiteral("bigint"), false},
                       {QStringLiteral("word"), QStringLiteral("String"), QStringLiteral("text"), true}};
    preview.rows = {{QStringLiteral("1"), std::nullopt}, {QStringLiteral("2"), QString(QStringLiteral(""))}};
    preview.more = true;
    preview.problems = {{3, QStringLiteral("id"), QStringLiteral("x"), QStringLiteral("It is no number.")}};
    const Json json = toJson(preview);
    QVERIFY(json["rows"][0][1].is_null());
    QVERIFY(storePreviewFromJson(json) == preview);
}

void TestStoreContent::whatIsMissingIsEmpty()
{
    QVERIFY(storeListingFromJson(Json(5)) == StoreListing{});
    QVERIFY(storePreviewFromJson(Json{{"rows", "x"}}).problems.isEmpty());
    QVERIFY(storeColumnsFromJson(Json()).isEmpty());
}

#include "TestStoreContent.moc"
