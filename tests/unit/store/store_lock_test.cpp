#include "core/store/store_lock.h"

#include "tests/unit/store/store_fixture.h"

namespace citybridge::store {
namespace {

class StoreLockTest : public StoreTest {};
ON_BOTH_DATABASES(StoreLockTest);

TEST_P(StoreLockTest, a_second_node_is_refused_until_the_first_is_gone) {
    auto first = lock_store(settings_);
    ASSERT_TRUE(first) << first.error().detail;
    const auto second = lock_store(settings_);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, "store.in_use");
    first->reset();
    EXPECT_TRUE(lock_store(settings_));
}

}  // namespace
}  // namespace citybridge::store
