using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Agent.Tracing;

namespace Agent.Instrumentations.Data;

/// <summary>A client span around one Redis command, with its name and nothing of its keys and values.</summary>
sealed class RedisSpan : DispatchSpan
{
    static readonly ActivitySource Source = new(Names.DataSource, AgentProcess.Version);

    /// <summary>Where a connection goes to, if it is one place: which of several a command takes is decided later.</summary>
    static readonly ConditionalWeakTable<object, DbPlace> Places = [];

    RedisSpan(Activity activity) : base(activity) { }

    /// <param name="connection">A ConnectionMultiplexer.</param>
    /// <param name="message">A Message; null if the library has refused the command.</param>
    public static RedisSpan? Begin(object connection, object? message)
    {
        if (message is null || !MayStart(Source) || AppInstrumentations.Make(Libraries.Redis))
            return null;
        // Code of the library's first: a span that has begun must also end.
        var (operation, database) = (Command(message), Database(message));
        var place = Places.GetValue(connection, static connection => PlaceOf(EndPoints(connection, configuredOnly: true)));
        var activity = Source.StartActivity(operation, ActivityKind.Client);
        if (activity is null)
            return null;
        if (activity.IsAllDataRequested)
        {
            activity.SetTag(Names.DbSystem, "redis");
            activity.SetTag(Names.DbOperation, operation);
            if (database >= 0) // some commands are the server's
                activity.SetTag(Names.DbNamespace, database.ToString(CultureInfo.InvariantCulture));
            place.Set(activity);
        }
        return new RedisSpan(activity);
    }

    internal static DbPlace PlaceOf(EndPoint[] endPoints) => endPoints switch
    {
        [DnsEndPoint name] => new DbPlace("", name.Host, name.Port),
        [IPEndPoint address] => new DbPlace("", address.Address.ToString(), address.Port),
        _ => new DbPlace("", "", 0),
    };

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_CommandString")]
    static extern string Command([UnsafeAccessorType("StackExchange.Redis.Message, StackExchange.Redis")] object message);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "GetEndPoints")]
    static extern EndPoint[] EndPoints([UnsafeAccessorType("StackExchange.Redis.ConnectionMultiplexer, StackExchange.Redis")] object connection, bool configuredOnly);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "Db")]
    static extern ref readonly int Database([UnsafeAccessorType("StackExchange.Redis.Message, StackExchange.Redis")] object message);
}
