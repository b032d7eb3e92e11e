#pragma once
// Texts with places for values: "{to}", "{text:json}", "{id:url}". What is not
// of the form {word} stays as it is, so that JSON can be written plainly.
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace citybridge::sms_http {

using Values = std::map<std::string, std::string, std::less<>>;

// The names of its places, without their spelling.
std::set<std::string, std::less<>> places_of(std::string_view text);

// Empty: right; else what is wrong with it: an unknown name or spelling.
std::string check_template(std::string_view text, const std::set<std::string, std::less<>>& known);

// A name without value is empty. "json": as inside a JSON string; "url": percent-encoded.
std::string filled(std::string_view text, const Values& values);

}  // namespace citybridge::sms_http
