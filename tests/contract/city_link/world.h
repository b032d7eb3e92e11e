#pragma once
// What is between the cities: one implementation for each link. Cities are
// "beijing", "hangzhou" and "nanjing".
#include <memory>
#include <string>

#include "tests/contract/city_link/city.h"
#include "tests/contract/city_link/line.h"

namespace citybridge::test {

class World {
public:
    virtual ~World() = default;
    virtual std::string library() const = 0;
    virtual LinkSettings settings(const std::string& city) = 0;
    // The line on which others reach this city, or it reaches them.
    virtual Line& line(const std::string& city) = 0;
    // Somebody without nanjing's secret sends hangzhou a message in nanjing's name, as far as he gets.
    virtual void impostor() = 0;
    // What hangzhou's log says of it.
    virtual std::string impostor_code() const = 0;
    virtual std::string impostor_city() const = 0;  // which city the refusal is counted for; empty: none is known
    // nanjing, itself right, sends hangzhou a message in beijing's name.
    virtual void false_name() = 0;
    virtual std::string false_name_code() const = 0;
    // A message that beijing sent hangzhou is given once more, altered, and once more, unaltered.
    virtual void alter_and_replay() = 0;
    virtual std::string altered_code() const = 0;

    std::unique_ptr<City> start(const std::string& city) {
        return std::make_unique<City>(city, library(), settings(city), book(city));
    }
    std::shared_ptr<Book> book(const std::string& city) {
        auto& book = books_[city];
        if (!book) book = std::make_shared<Book>();
        return book;
    }

private:
    std::map<std::string, std::shared_ptr<Book>> books_;
};

inline constexpr const char* kCities[] = {"beijing", "hangzhou", "nanjing"};

std::unique_ptr<World> https_world();
std::unique_ptr<World> nats_world();

}  // namespace citybridge::test
