#include "core/store/report_reader.h"

#include <condition_variable>
#include <map>
#include <mutex>

#include "core/store/fact_rows.h"
#include "core/store/faults.h"
#include "core/store/read_rows.h"

namespace citybridge::store {

namespace {

// The order of pages, and where the next begins after a page's last row.
template <class Fact>
struct Pages;

template <>
struct Pages<ContactFact> {
    static constexpr const char* kTime = "started_at";
    static constexpr const char* kOrder = "started_at,contact";
    static void after(Query& query, const ContactFact& last) {
        query << "(started_at,contact)>(";
        query.number(epoch_ms(last.started_at)) << ",";
        query.text(last.contact) << ")";
    }
};
template <>
struct Pages<PartFact> {
    static constexpr const char* kTime = "from_at";
    static constexpr const char* kOrder = "from_at,contact,n";
    static void after(Query& query, const PartFact& last) {
        query << "(from_at,contact,n)>(";
        query.number(epoch_ms(last.from)) << ",";
        query.text(last.contact) << ",";
        query.number(last.n) << ")";
    }
};
template <>
struct Pages<OrderFact> {
    static constexpr const char* kTime = "at";
    static constexpr const char* kOrder = "at,order_id,what,name,n";
    static void after(Query& query, const OrderFact& last) {
        query << "(at,order_id,what,name,n)>(";
        query.number(epoch_ms(last.at)) << ",";
        query.text(last.order) << ",";
        query.text(last.what) << ",";
        query.text(last.name) << ",";
        query.number(last.n) << ")";
    }
};
template <>
struct Pages<QualityScore> {
    static constexpr const char* kTime = "at";
    static constexpr const char* kOrder = "at,id";
    static void after(Query& query, const QualityScore& last) {
        query << "(at,id)>(";
        query.number(epoch_ms(last.at)) << ",";
        query.text(last.id) << ")";
    }
};
template <>
struct Pages<AgentInterval> {
    static constexpr const char* kOrder = "to_at,agent,from_at";
    static void after(Query& query, const AgentInterval& last) {
        query << "(to_at,agent,from_at)>(";
        query.number(epoch_ms(last.to.value_or(WallTime{}))) << ",";
        query.text(last.agent) << ",";
        query.number(epoch_ms(last.from)) << ")";
    }
};

class SqlReportReader : public ReportReader {
public:
    SqlReportReader(StoreSettings settings, FactLimits limits, std::unique_ptr<Connection> connection)
        : settings_(std::move(settings)), limits_(limits), connection_(std::move(connection)) {}

    Result<> contacts(WallTime from, WallTime to, bool dispositions, const TakeFact<ContactFact>& take) override {
        if (!dispositions) return in_period<ContactFact>(from, to, take, {});
        return in_period<ContactFact>(from, to, take,
                                      [this](std::vector<ContactFact>& page) { return put_dispositions(page); });
    }
    Result<> parts(WallTime from, WallTime to, const TakeFact<PartFact>& take) override {
        return in_period<PartFact>(from, to, take, {});
    }
    Result<> orders(WallTime from, WallTime to, const TakeFact<OrderFact>& take) override {
        return in_period<OrderFact>(from, to, take, {});
    }
    Result<> scores(WallTime from, WallTime to, const TakeFact<QualityScore>& take) override {
        return in_period<QualityScore>(from, to, take, {});
    }

    Result<> intervals(WallTime from, WallTime to, const TakeFact<AgentInterval>& take) override {
        const auto head = [&](Query& query) {
            query << "where to_at>";
            query.number(epoch_ms(from)) << " and from_at<";
            query.number(epoch_ms(to));
        };
        if (auto read = pages<AgentInterval>(head, take, {}); !read) return read;
        auto open = open_intervals();
        if (!open) return open.error();
        for (const AgentInterval& interval : *open)
            if (interval.from < to && !take(interval)) break;
        return ok();
    }

    Result<std::vector<AgentInterval>> open_intervals() override {
        return rows<AgentInterval>([](Query& query) { query << "where to_at is null order by agent,from_at"; });
    }
    Result<std::vector<QualityScore>> scores_of(const std::string& contact) override {
        return rows<QualityScore>([&](Query& query) {
            query << "where contact=";
            query.text(contact) << " order by at,id";
        });
    }
    Result<std::vector<PartFact>> parts_of(const std::string& contact) override {
        return rows<PartFact>([&](Query& query) {
            query << "where contact=";
            query.text(contact) << " order by n";
        });
    }
    Result<std::vector<ReportRun>> runs(const std::string& report, std::size_t limit) override {
        return rows<ReportRun>([&](Query& query) {
            query << "where report=";
            query.text(report) << " order by to_at desc,from_at desc limit ";
            query.number(static_cast<std::int64_t>(limit));
        });
    }
    Result<std::optional<ReportRun>> first_run(const std::string& report) override {
        auto found = rows<ReportRun>([&](Query& query) {
            query << "where report=";
            query.text(report) << " order by made_at limit 1";
        });
        if (!found) return found.error();
        return found->empty() ? std::nullopt : std::optional(std::move(found->front()));
    }
    Result<bool> has_run(const ReportRun& run) override {
        auto found = rows<ReportRun>([&](Query& query) {
            query << "where report=";
            query.text(run.report) << " and from_at=";
            query.number(epoch_ms(run.from)) << " and to_at=";
            query.number(epoch_ms(run.to));
        });
        if (!found) return found.error();
        return !found->empty();
    }

private:
    template <class Row, class Where>
    Result<std::vector<Row>> rows(const Where& where) {
        return with<std::vector<Row>>([&](Connection& connection) {
            auto query = select<Row>(connection);
            where(query);
            return read_rows<Row>(connection, query);
        });
    }

    template <class Fact>
    Result<> in_period(WallTime from, WallTime to, const TakeFact<Fact>& take,
                       const std::function<Result<>(std::vector<Fact>&)>& enrich) {
        return pages<Fact>(
            [&](Query& query) {
                query << "where " << Pages<Fact>::kTime << ">=";
                query.number(epoch_ms(from)) << " and " << Pages<Fact>::kTime << "<";
                query.number(epoch_ms(to));
            },
            take, enrich);
    }

    template <class Fact, class Head>
    Result<> pages(const Head& head, const TakeFact<Fact>& take,
                   const std::function<Result<>(std::vector<Fact>&)>& enrich) {
        const MonoTime began = system_now().mono;
        std::optional<Fact> last;
        for (std::size_t read = 0;;) {
            auto page = rows<Fact>([&](Query& query) {
                head(query);
                if (last) {
                    query << " and ";
                    Pages<Fact>::after(query, *last);
                }
                query << " order by " << Pages<Fact>::kOrder << " limit ";
                query.number(static_cast<std::int64_t>(limits_.page));
            });
            if (!page) return page.error();
            if (enrich && !page->empty())
                if (auto more = enrich(*page); !more) return more;
            for (const Fact& fact : *page)
                if (!take(fact)) return ok();
            read += page->size();
            if (page->size() < limits_.page) return ok();
            if (read >= limits_.rows)
                return Error{"report.too_big", "the period holds more than " + std::to_string(limits_.rows) +
                                                   " rows of one kind; ask for a shorter one"};
            if (system_now().mono - began > limits_.time)
                return Error{"report.too_slow", "the store needs more than " +
                                                    std::to_string(limits_.time.count() / 1'000) +
                                                    " s for this period; ask for a shorter one"};
            last = std::move(page->back());
        }
    }

    // A disposition is often chosen after the end, and may be corrected.
    Result<> put_dispositions(std::vector<ContactFact>& page) {
        std::vector<std::string> ids;
        ids.reserve(page.size());
        for (const ContactFact& fact : page) ids.push_back(fact.contact);
        auto found = with<std::map<std::string, std::string>>([&](Connection& connection) {
            Query query(connection.database());
            query << "select contact,path from dispositions where contact in ";
            query.texts(ids);
            auto& prepared = ready(connection, query, {CellKind::text, CellKind::text});
            std::map<std::string, std::string> out;
            if (!prepared.statement.execute(true)) return out;
            do out[prepared.results[0].text] = prepared.results[1].text;
            while (prepared.statement.fetch());
            return out;
        });
        if (!found) return found.error();
        for (ContactFact& fact : page)
            if (const auto it = found->find(fact.contact); it != found->end()) fact.disposition = it->second;
        return ok();
    }

    // One report after the other has the connection.
    struct Turn {
        explicit Turn(SqlReportReader& of) : reader(of) {
            std::unique_lock lock(reader.mutex_);
            mine = reader.idle_.wait_for(lock, reader.settings_.busy_timeout, [&] { return !reader.taken_; });
            if (mine) reader.taken_ = true;
        }
        ~Turn() {
            if (!mine) return;
            const std::lock_guard lock(reader.mutex_);
            reader.taken_ = false;
            reader.idle_.notify_one();
        }
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

        SqlReportReader& reader;
        bool mine = false;
    };

    template <class T, class Work>
    Result<T> with(Work work) {
        const Turn turn(*this);
        if (!turn.mine) return Error{"store.busy", "another report is being read; ask again"};
        for (int attempt = 0;; ++attempt) {
            const bool fresh = !connection_;
            if (fresh) {
                try {
                    connection_ = std::make_unique<Connection>(settings_, Access::read);
                } catch (const std::exception& fault) {
                    return error_of(fault, settings_.database);
                }
            }
            Result<T> result = guarded<T>(*connection_, [&]() -> Result<T> { return work(*connection_); });
            if (result || !connection_->broken()) return result;
            connection_.reset();
            if (fresh || attempt > 0) return result;
        }
    }

    const StoreSettings settings_;
    const FactLimits limits_;
    std::mutex mutex_;
    std::condition_variable idle_;
    bool taken_ = false;                      // guarded by mutex_
    std::unique_ptr<Connection> connection_;  // whose turn it is has it; null: to be connected again
};

}  // namespace

Result<std::unique_ptr<ReportReader>> open_report_reader(const StoreSettings& settings, FactLimits limits) {
    try {
        auto connection = std::make_unique<Connection>(settings, Access::read);
        return std::unique_ptr<ReportReader>(
            std::make_unique<SqlReportReader>(settings, limits, std::move(connection)));
    } catch (const std::exception& fault) {
        return error_of(fault, settings.database);
    }
}

}  // namespace citybridge::store
