#pragma once
// A child process that ends with its parent. To be made before any thread:
// a forked copy of a process with threads may call nothing useful.
#include <sys/types.h>

#include <functional>

namespace citybridge::bench {

class Child {
public:
    // Runs `work` in the child; an exception is printed there and the child exits 1.
    explicit Child(const std::function<void()>& work);
    ~Child();  // ends it, if it has not ended itself
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    // Waits for it to end. True: it ended well.
    bool join();

private:
    pid_t pid_ = -1;
};

}  // namespace citybridge::bench
