#include "core/api/record_tail.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace citybridge {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostRotated = 4;

bool is_packed(const std::string& name) {
    return name.ends_with(".gz") || name.ends_with(".xz") || name.ends_with(".bz2") || name.ends_with(".zst");
}

}  // namespace

RecordTail::RecordTail(std::string path, TimeOf time_of, WallTime back_to)
    : path_(std::move(path)), time_of_(std::move(time_of)), back_to_(back_to) {}

Result<> RecordTail::open(const std::string& path) {
    file_.reset(std::fopen(path.c_str(), "rbe"));
    if (!file_) return Error{"records.unreadable", path + " cannot be read: " + std::strerror(errno)};
    if (std::fseek(file_.get(), 0, SEEK_END) != 0)
        return Error{"records.unreadable", path + " is no file that can be read from its end"};
    left_ = static_cast<std::size_t>(std::max(std::ftell(file_.get()), 0L));
    return ok();
}

Result<bool> RecordTail::step() {
    if (!std::exchange(started_, true)) {
        if (Result<> opened = open(path_); !opened) return opened.error();
        look_for_rotated();
    }
    const std::size_t length = std::min(left_, kStepBytes);
    std::string block(length, '\0');
    if (length > 0) {
        left_ -= length;
        const bool there = std::fseek(file_.get(), static_cast<long>(left_), SEEK_SET) == 0 &&
                           std::fread(block.data(), 1, length, file_.get()) == length;
        if (!there) return Error{"records.unreadable", path_ + " became shorter while it was read"};
        bytes_ += length;
        blocks_.push_front(std::move(block));
    }
    if (reaches_back()) return false;
    if (left_ == 0) return file_done();
    if (bytes_ >= kMostBytes) return Error{"records.too_long", path_ + " holds more than is read of such a time"};
    return true;
}

// The first whole line of what was read has a time, and it is before the one looked for.
bool RecordTail::reaches_back() const {
    if (blocks_.empty()) return false;
    std::string_view text = blocks_.front();
    if (left_ > 0) text.remove_prefix(std::min(text.size(), text.find('\n') + 1));
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        if (const auto at = time_of_(text.substr(0, end))) return *at < back_to_;
        text.remove_prefix(end + 1);
    }
    return false;
}

Result<bool> RecordTail::file_done() {
    std::string text;
    for (const std::string& block : blocks_) text += block;
    blocks_.clear();
    texts_.push_front(std::move(text));
    if (rotated_.empty()) return false;
    const std::string next = std::move(rotated_.back());
    rotated_.pop_back();
    // Rotated once more, or packed, in this moment: what was read before is still good.
    if (Result<> opened = open(next); !opened) return false;
    return true;
}

void RecordTail::look_for_rotated() {
    const fs::path path(path_);
    const std::string begins = path.filename().string() + '.';
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    const auto back_to = std::chrono::file_clock::from_sys(back_to_);
    std::vector<std::pair<fs::file_time_type, std::string>> found;
    std::error_code failed;
    for (auto entry = fs::directory_iterator(folder, failed); !failed && entry != fs::directory_iterator();
         entry.increment(failed)) {
        const std::string name = entry->path().filename().string();
        if (!name.starts_with(begins) || is_packed(name)) continue;
        std::error_code unknown;
        const auto written = fs::last_write_time(entry->path(), unknown);
        if (!unknown && written >= back_to) found.emplace_back(written, entry->path().string());
    }
    std::sort(found.begin(), found.end());
    if (found.size() > kMostRotated) found.erase(found.begin(), found.end() - kMostRotated);
    for (auto& [written, name] : found) rotated_.push_back(std::move(name));
}

std::string RecordTail::take_text() {
    std::string out;
    for (std::string& text : texts_) {
        out += text;
        if (!out.empty() && !out.ends_with('\n') && &text != &texts_.back()) out += '\n';
    }
    texts_.clear();
    std::string newest;
    for (const std::string& block : blocks_) newest += block;
    blocks_.clear();
    // Where reading stopped in the middle of a file, its first line is not whole.
    if (left_ > 0) newest.erase(0, std::min(newest.size(), newest.find('\n') + 1));
    out.insert(0, newest);
    out.resize(out.rfind('\n') + 1);
    return out;
}

}  // namespace citybridge
