using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Agent.Tracing;

namespace Agent.Instrumentations.Data;

/// <summary>A client span around one Redis command or batch, with its name and nothing of its keys and values.</summary>
sealed class RedisSpan : DispatchSpan
{
    static readonly ActivitySource Source = new(Names.DataSource, AgentProcess.Version);

    /// <summary>Where a connection goes to, if it is one place: which of several a command takes is decided later.</summary>
    static readonly ConditionalWeakTable<object, DbPlace> Places = [];

    RedisSpan(SpanRecord record) : base(record) { }

    /// <param name="connection">A ConnectionMultiplexer.</param>
    /// <param name="message">A Message; null if the library has refused the command.</param>
    public static RedisSpan? Begin(object connection, object? message)
    {
        if (message is null || !MayStart(Source) || AppInstrumentations.Make(Libraries.Redis))
            return null;
        // Code of the library's: a span that has begun must also end.
        return Begin(connection, Command(message), Database(message), size: 1);
    }

    /// <summary>A pipeline of commands that are sent together.</summary>
    /// <param name="batch">A RedisBatch.</param>
    /// <param name="operations">The names of its commands.</param>
    /// <param name="database">That all of them are for.</param>
    public static RedisSpan? Begin(object batch, IReadOnlyList<string> operations, int database)
    {
        if (operations.Count == 0 || !MayStart(Source) || AppInstrumentations.Make(Libraries.Redis))
            return null;
        var name = operations.All(operation => operation == operations[0]) ? operations[0] : "";
        return Begin(Multiplexer(batch), operations.Count == 1 ? name : $"PIPELINE {name}".TrimEnd(), database, operations.Count);
    }

    /// <summary>What says the command that it is, and the database it is for.</summary>
    public static (string Operation, int Database) Describe(object message) => (Command(message), Database(message));

    static RedisSpan? Begin(object connection, string operation, int database, int size)
    {
        var place = Places.GetValue(connection, static connection => PlaceOf(EndPoints(connection, configuredOnly: true)));
        var record = CurrentSpan.Begin(Source, operation, ActivityKind.Client);
        if (record is null)
            return null;
        if (record.IsAllDataRequested)
        {
            record.SetTag(Names.DbSystem, "redis");
            record.SetTag(Names.DbOperation, operation);
            if (database >= 0) // some commands are the server's
                record.SetTag(Names.DbNamespace, database.ToString(CultureInfo.InvariantCulture));
            if (size > 1)
                record.SetTag(Names.DbBatchSize, size);
            place.Set(record);
        }
        return new RedisSpan(record);
    }

    internal static DbPlace PlaceOf(EndPoint[] endPoints) => endPoints switch
    {
        [DnsEndPoint name] => new DbPlace("", name.Host, name.Port),
        [IPEndPoint address] => new DbPlace("", address.Address.ToString(), address.Port),
        _ => new DbPlace("", "", 0),
    };

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_CommandString")]
    static extern string Command([UnsafeAccessorType("StackExchange.Redis.Message, StackExchange.Redis")] object message);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Multiplexer")]
    [return: UnsafeAccessorType("StackExchange.Redis.IConnectionMultiplexer, StackExchange.Redis")]
    static extern object Multiplexer([UnsafeAccessorType("StackExchange.Redis.IRedisAsync, StackExchange.Redis")] object batch);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "GetEndPoints")]
    static extern EndPoint[] EndPoints([UnsafeAccessorType("StackExchange.Redis.ConnectionMultiplexer, StackExchange.Redis")] object connection, bool configuredOnly);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "Db")]
    static extern ref readonly int Database([UnsafeAccessorType("StackExchange.Redis.Message, StackExchange.Redis")] object message);
}
