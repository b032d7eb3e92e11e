#include "tests/unit/store/store_fixture.h"

#include <stdlib.h>

namespace citybridge::store {

TempFolder::TempFolder() {
    auto pattern = (std::filesystem::temp_directory_path() / "citybridge-store-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
}

TempFolder::~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

CustomerRecord some_customer(const std::string& id) {
    CustomerRecord customer;
    customer.id = id;
    customer.name = "王小明 𠮷";
    customer.city = "beijing";
    customer.source = "friend";
    customer.preference = "few_calls";
    customer.numbers = {"+8613900000" + std::to_string(100 + id.size()) + id, "+861088" + id};
    customer.fields = {{"floor", 12}, {"lift", true}, {"street", "长安街 \"1\"\n'x'"}};
    customer.number_kinds = {{"+861088" + id, "office"}};
    customer.preferred_number = "+861088" + id;
    customer.merged_into = "cus_other";
    customer.created_at = at(1);
    customer.updated_at = at(2);
    customer.revision = 9'000'000'000'000'000'001;
    return customer;
}

OrderRecord some_order(const std::string& id) {
    OrderRecord order;
    order.id = id;
    order.kind = "sales_lead";
    order.flow_version = 3;
    order.state = "new";
    order.owner = "li.na";
    order.group = "north";
    order.city = "beijing";
    order.customer = "cus_1";
    order.contact = "con_1";
    order.external_system = "erp";
    order.external_id = "E-" + id;
    order.fields = {{"area", 90}, {"name", "张三"}};
    order.created_at = at(10);
    order.updated_at = at(11);
    order.closed_at = at(12);
    order.revision = 4;
    order.history_n = 2;
    order.due_at = at(13);
    order.overdue_at = at(14);
    return order;
}

HistoryRecord some_history(const std::string& order, std::int64_t n) {
    return {order, n, at(n), "li.na", "note", "new", "new", "客户说:\t'明天'", {{"k", "v"}}};
}

DeadlineRecord some_deadline(const std::string& order, std::int64_t n) {
    DeadlineRecord row;
    row.order = order;
    row.name = "broker_called";
    row.n = n;
    row.due_at = at(1000 * n);
    row.provisional = true;
    row.set_at = at(5);
    row.from_at = at(4);
    row.rule = "after=7200000 next_day_at=630";
    row.calendar = "night_duty";
    return row;
}

OutboxRecord some_message(const std::string& id, std::int64_t seq) {
    OutboxRecord message;
    message.id = id;
    message.seq = seq;
    message.destination = "erp";
    message.key = "ord_1";
    message.kind = "open_order";
    message.order = "ord_1";
    message.payload = R"({"name":"张三"})";
    message.created_at = at(20);
    message.attempts = 2;
    message.next_at = at(21);
    message.updated_at = at(22);
    message.last_code = "erp.http_500";
    message.last_detail = "服务器忙";
    message.external_id = "X1";
    message.must_find = true;
    message.out_of_turn = true;
    return message;
}

IdempotencyRecord some_answer(const std::string& user, const std::string& key) {
    return {user, key, "f00d", 201, "/v1/orders/ord_1", R"({"id":"ord_1"})", at(30)};
}

CommandRecord some_command(const std::string& id) {
    return {id, "li.na", "dial", "accepted", "", "con_1", {{"to", "+8613900000000"}}, at(40), at(41)};
}

UserRecord some_user(const std::string& name) {
    return {name, "agent", {"north", "夜班"}, "SIP/1001", "1001", "scrypt$x", "sha$y", at(50)};
}

JournalRecord some_contact(const std::string& id, const std::string& number) {
    return {id, number, at(60), at(61), R"({"id":")" + id + R"("})"};
}

StoreSettings sqlite_settings(const TempFolder& folder) {
    StoreSettings settings;
    settings.path = folder / "node.db";
    return settings;
}

StoreSettings postgresql_settings() {
    auto& server = tests::shared_postgres();
    StoreSettings settings;
    settings.database = Database::postgresql;
    settings.connection = server.connection(server.make_database());
    return settings;
}

namespace {

// Copied for each test: to make the schema takes ten times as long.
StoreSettings migrated_postgresql() {
    static const std::string model = [] {
        auto& server = tests::shared_postgres();
        std::string name = server.make_database();
        StoreSettings settings;
        settings.database = Database::postgresql;
        settings.connection = server.connection(name);
        const auto made = open_store(settings);
        if (!made) throw std::runtime_error(made.error().code + ": " + made.error().detail);
        return name;
    }();
    auto& server = tests::shared_postgres();
    StoreSettings settings;
    settings.database = Database::postgresql;
    settings.connection = server.connection(server.make_database(model));
    return settings;
}

}  // namespace

void StoreTest::SetUp() {
    settings_ = GetParam() == Database::sqlite ? sqlite_settings(folder_) : migrated_postgresql();
    auto opened = open_store(settings_);
    ASSERT_TRUE(opened) << opened.error().code << ": " << opened.error().detail;
    store_ = std::move(*opened);
}

void ReadTest::SetUp() {
    StoreTest::SetUp();
    auto opened = open_readers(settings_, 2);
    ASSERT_TRUE(opened) << opened.error().detail;
    readers_ = std::move(*opened);
}

CommitOutcome StoreTest::try_commit(const Changes& changes) {
    return store_->commit("batch" + std::to_string(++batches_), changes, at(100));
}

void StoreTest::must_commit(const Changes& changes) {
    const auto outcome = try_commit(changes);
    ASSERT_EQ(outcome.commit, Commit::done) << outcome.error.code << ": " << outcome.error.detail;
}

std::string database_name(const ::testing::TestParamInfo<Database>& info) {
    return info.param == Database::sqlite ? "sqlite" : "postgresql";
}

}  // namespace citybridge::store
