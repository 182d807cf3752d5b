// Amazon resource names of tables, indexes, backups and streams. Region and account are labels
// (settings of the data directory), not separate databases.

#ifndef GRAMME_MODEL_ARN_H_
#define GRAMME_MODEL_ARN_H_

#include <optional>
#include <string>
#include <string_view>

namespace gramme {

struct ArnLabels {
  std::string region = "us-east-1";
  std::string account_id = "000000000000";
};

// `arn:aws:dynamodb:<region>:<account>:table/<name>`
std::string TableArn(const ArnLabels& labels, std::string_view table_name);
// `<table arn>/index/<name>`
std::string IndexArn(const ArnLabels& labels, std::string_view table_name,
                     std::string_view index_name);
// `<table arn>/backup/<id>`
std::string BackupArn(const ArnLabels& labels, std::string_view table_name,
                      std::string_view backup_id);
// `<table arn>/stream/<label>`
std::string StreamArn(const ArnLabels& labels, std::string_view table_name, std::string_view label);

// The parts of a DynamoDB ARN; views into the text parsed.
struct ParsedArn {
  std::string_view partition;
  std::string_view service;
  std::string_view region;
  std::string_view account_id;
  std::string_view table_name;
  std::string_view kind;  // `index`, `backup`, `stream`, … or empty for the table itself
  std::string_view id;    // the index's name, the backup's id, the stream's label
};

bool LooksLikeArn(std::string_view text);
// Nothing where the text is not `arn:<p>:<s>:<r>:<a>:table/<name>[/<kind>/<id>]`.
std::optional<ParsedArn> ParseArn(std::string_view text);

}  // namespace gramme

#endif  // GRAMME_MODEL_ARN_H_
