// Every operation that is served. A new one is added here, in the order of the alphabet within its
// folder, and nowhere else; what is not here answers UnknownOperationException.

#ifndef GRAMME_API_OPERATIONS_H_
#define GRAMME_API_OPERATIONS_H_

#include "api/account/describe_endpoints.h"
#include "api/account/describe_limits.h"
#include "api/backup/create_backup.h"
#include "api/backup/create_backups.h"
#include "api/backup/delete_backup.h"
#include "api/backup/describe_backup.h"
#include "api/backup/describe_continuous_backups.h"
#include "api/backup/list_backups.h"
#include "api/backup/restore_table.h"
#include "api/backup/restore_table_from_backup.h"
#include "api/backup/restore_table_to_point_in_time.h"
#include "api/backup/update_continuous_backups.h"
#include "api/batch/batch_get_item.h"
#include "api/batch/batch_write_item.h"
#include "api/item/delete_item.h"
#include "api/item/get_item.h"
#include "api/item/put_item.h"
#include "api/item/update_item.h"
#include "api/query/query.h"
#include "api/query/scan.h"
#include "api/stream/describe_stream.h"
#include "api/stream/get_records.h"
#include "api/stream/get_shard_iterator.h"
#include "api/stream/list_streams.h"
#include "api/stream/update_stream_shard_count.h"
#include "api/table/create_table.h"
#include "api/table/delete_table.h"
#include "api/table/describe_table.h"
#include "api/table/list_tables.h"
#include "api/table/update_table.h"
#include "api/tag/list_tags_of_resource.h"
#include "api/tag/tag_resource.h"
#include "api/tag/untag_resource.h"
#include "api/time_to_live/describe_time_to_live.h"
#include "api/time_to_live/update_time_to_live.h"
#include "api/transaction/transact_get_items.h"
#include "api/transaction/transact_write_items.h"

namespace gramme {

template <typename... Operations>
struct OperationList {};

using ServedOperations = OperationList<  //
    DescribeEndpoints,                   //
    DescribeLimits,                      //
    CreateBackup,                        //
    CreateBackups,                       //
    DeleteBackup,                        //
    DescribeBackup,                      //
    DescribeContinuousBackups,           //
    ListBackups,                         //
    RestoreTable,                        //
    RestoreTableFromBackup,              //
    RestoreTableToPointInTime,           //
    UpdateContinuousBackups,             //
    BatchGetItem,                        //
    BatchWriteItem,                      //
    DeleteItem,                          //
    GetItem,                             //
    PutItem,                             //
    UpdateItem,                          //
    Query,                               //
    Scan,                                //
    DescribeStream,                      //
    GetRecords,                          //
    GetShardIterator,                    //
    ListStreams,                         //
    UpdateStreamShardCount,              //
    CreateTable,                         //
    DeleteTable,                         //
    DescribeTable,                       //
    ListTables,                          //
    UpdateTable,                         //
    ListTagsOfResource,                  //
    TagResource,                         //
    UntagResource,                       //
    DescribeTimeToLive,                  //
    UpdateTimeToLive,                    //
    TransactGetItems,                    //
    TransactWriteItems>;

}  // namespace gramme

#endif  // GRAMME_API_OPERATIONS_H_
