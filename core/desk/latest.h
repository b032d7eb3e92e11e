#pragma once
// The newest of a value that is replaced as a whole. One thread puts, any thread reads; what was read stays as it was
// for as long as somebody holds it.
#include <memory>
#include <utility>

namespace citybridge::desk {

template <class T>
class Latest {
public:
    explicit Latest(T value = {}) { put(std::move(value)); }
    void put(T value) { std::atomic_store(&now_, std::make_shared<const T>(std::move(value))); }
    std::shared_ptr<const T> get() const { return std::atomic_load(&now_); }

private:
    // Not std::atomic<std::shared_ptr>: libstdc++ 12 gives its lock back after a load without ordering, so that the
    // next store races with it.
    std::shared_ptr<const T> now_;
};

}  // namespace citybridge::desk
