#pragma once
// Value or error, for everything that fails because of the outside world.
// (std::expected is C++23; GCC 12 in C++20 mode does not have it.)
#include <string>
#include <utility>
#include <variant>

namespace citybridge {

// `code` is stable and explained in docs/errors.md ("asterisk.login_refused");
// `detail` is one sentence for people: what happened, where, and what to do.
struct Error {
    std::string code;
    std::string detail;

    friend bool operator==(const Error&, const Error&) = default;
};

template <class T = std::monostate>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    explicit operator bool() const { return state_.index() == 0; }

    // Precondition: the result holds a value (checked: throws std::bad_variant_access).
    T& operator*() & { return std::get<0>(state_); }
    const T& operator*() const& { return std::get<0>(state_); }
    T&& operator*() && { return std::get<0>(std::move(state_)); }
    T* operator->() { return &std::get<0>(state_); }
    const T* operator->() const { return &std::get<0>(state_); }

    // Precondition: the result holds an error.
    const Error& error() const { return std::get<1>(state_); }

private:
    std::variant<T, Error> state_;
};

inline Result<> ok() { return Result<>{std::monostate{}}; }

}  // namespace citybridge
