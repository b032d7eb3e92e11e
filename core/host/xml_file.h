#pragma once
// One XML file and the place of everything in it. Input is what an operator
// typed: every mistake becomes a Problem with line and column (counted in
// characters, from 1). No document types, no entities beyond XML's five.
#include <memory>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/settings.h"

namespace citybridge {

class XmlFile {
public:
    static constexpr std::size_t kMaxBytes = 1 << 20;

    // Null and at least one problem if the file cannot be used. `shown` is the
    // name for people; `asked_at` is where the file was asked for, if a file did.
    static std::unique_ptr<XmlFile> read(const std::string& path, const std::optional<Position>& asked_at,
                                         Problems& problems);
    static std::unique_ptr<XmlFile> parse(const std::string& shown, std::string text, Problems& problems);
    XmlFile(const XmlFile&) = delete;
    XmlFile& operator=(const XmlFile&) = delete;

    pugi::xml_node root() const { return root_; }
    const std::string& name() const { return name_; }
    const std::string& text() const { return text_; }  // as read
    Position where(pugi::xml_node element) const;  // its '<'; text: its first visible character
    Position where(pugi::xml_attribute attribute) const;

private:
    XmlFile(std::string name, std::string text);
    bool load(Problems& problems);
    bool check_bytes(Problems& problems) const;
    bool check_shape(Problems& problems);
    Position at(std::size_t offset) const;

    std::string name_;
    std::string text_;    // as read: lines and columns are counted here
    std::string buffer_;  // parsed in place: names in the tree point into it
    std::vector<std::size_t> line_starts_;
    pugi::xml_document document_;
    pugi::xml_node root_;
};

}  // namespace citybridge
