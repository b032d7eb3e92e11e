#include "core/reports/figure.h"

#include <cmath>

namespace citybridge::reports {
namespace {

void replace(std::string& text, std::string_view what, const std::string& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

std::string seconds_text(Millis time) {
    const auto ms = time.count();
    if (ms % 1'000 == 0) return std::to_string(ms / 1'000);
    std::string out = std::to_string(static_cast<double>(ms) / 1'000);
    out.erase(out.find_last_not_of('0') + 1);
    return out;
}

double rounded(double value, double steps) { return std::round(value * steps) / steps; }

}  // namespace

std::string_view to_string(Unit value) {
    switch (value) {
        case Unit::count: return "count";
        case Unit::seconds: return "seconds";
        case Unit::percent: return "percent";
        case Unit::ratio: return "ratio";
        case Unit::rings: return "rings";
    }
    return "count";
}

Sources Figure::sources() const {
    Sources out = 0;
    if (contact != nullptr) out |= contacts;
    if (part != nullptr) out |= parts;
    if (interval != nullptr) out |= intervals;
    if (order != nullptr) out |= orders;
    if (score != nullptr) out |= scores;
    return out;
}

std::vector<const Figure*> all_figures() {
    std::vector<const Figure*> out;
    for (const auto& list : {call_figures(), talk_figures(), agent_figures(), order_figures(), callback_figures()})
        for (const Figure& figure : list) out.push_back(&figure);
    return out;
}

const Figure* find_figure(std::string_view name) {
    for (const auto& list : {call_figures(), talk_figures(), agent_figures(), order_figures(), callback_figures()})
        for (const Figure& figure : list)
            if (figure.name == name) return &figure;
    return nullptr;
}

std::optional<double> value_of(const Sums& sums, const Figure& figure) {
    const double scale = figure.unit == Unit::seconds ? 1'000.0 : 1.0;
    switch (figure.shape) {
        case Shape::sum: return static_cast<double>(sums.top) / scale;
        case Shape::largest:
            if (!sums.any) return std::nullopt;
            return static_cast<double>(sums.top) / scale;
        case Shape::mean:
            if (sums.bottom == 0) return std::nullopt;
            return rounded(static_cast<double>(sums.top) / static_cast<double>(sums.bottom) / scale, 1'000);
        case Shape::share:
            if (sums.bottom == 0) return std::nullopt;
            return rounded(100.0 * static_cast<double>(sums.top) / static_cast<double>(sums.bottom), 100);
    }
    return std::nullopt;
}

std::string formula_of(const Column& column, bool chinese) {
    std::string out(chinese ? column.figure->formula_zh : column.figure->formula_en);
    if (column.figure->takes == Takes::within) replace(out, "{N}", seconds_text(column.within));
    if (column.figure->takes == Takes::range) {
        replace(out, "{A}", column.from ? seconds_text(*column.from) : "0");
        replace(out, "{B}", column.to ? seconds_text(*column.to) : "∞");
    }
    if (column.figure->takes == Takes::rings) {
        replace(out, "{N}", std::to_string(column.rings));
        replace(out, "{C}", seconds_text(column.ring_cycle));
    }
    return out;
}

}  // namespace citybridge::reports
