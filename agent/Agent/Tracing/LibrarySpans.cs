using System.Diagnostics;
using System.Globalization;
using Agent.Instrumentations;
using Agent.Instrumentations.Data;

namespace Agent.Tracing;

/// <summary>
/// Spans that libraries make themselves, tidied before they are sent: literals in SQL and GraphQL, connection strings, users and query values
/// taken out, names of old conventions replaced by today's. All else stays as the library says it. A listener beside the provider's, because
/// the provider may be the app's (<see cref="AppSdk"/>); it asks for nothing itself.
/// </summary>
static class LibrarySpans
{
    /// <summary>
    /// What older conventions call it, and what it is called now; null for what is not to leave the process, or says nothing. Keys that the app has
    /// chosen, and addresses in which there are some, are often a person's name, number or address, and nobody can tell.
    /// </summary>
    static readonly Dictionary<string, string?> Renamed = new(StringComparer.Ordinal)
    {
        ["db.system"] = Names.DbSystem,
        ["db.name"] = Names.DbNamespace,
        ["db.statement"] = Names.DbQueryText,
        ["db.operation"] = Names.DbOperation,
        ["db.elasticsearch.path_parts.index"] = Names.DbCollection,
        ["db.elasticsearch.path_parts.id"] = null, // of a document
        ["db.elasticsearch.path_parts.username"] = null,
        ["db.elasticsearch.path_parts.name"] = null,
        ["net.peer.name"] = Names.ServerAddress,
        ["net.peer.ip"] = Names.PeerAddress,
        ["net.peer.port"] = Names.ServerPort,
        ["db.connection_string"] = null,
        ["db.user"] = null,
        ["net.transport"] = null,
        ["thread.id"] = null,
        ["db.mongodb.lsid"] = null, // which session of the client it was
        ["orleans.rpc.target_id"] = null, // the grain's key
        ["orleans.rpc.source_id"] = null,
        ["orleans.grain.id"] = null,
        ["durabletask.task.instance_id"] = null,
        ["messaging.operation"] = Names.MessagingOperation,
        ["messaging.destination"] = Names.MessagingDestination,
        ["messaging.message_id"] = "messaging.message.id",
        ["messaging.conversation_id"] = "messaging.message.conversation_id",
        ["messaging.nats.message.subject"] = null, // the destination, whose ids are cut
        ["messaging.nats.message.reply_to"] = null,
        ["messaging.destination_publish.name"] = null,
        ["messaging.kafka.message.key"] = null,
        ["mcp.resource.uri"] = null,
    };

    public static void Start() => OwnListeners.Add(new ActivityListener
    {
        ShouldListenTo = static source => LibraryOf(source) is not null,
        ActivityStarted = static activity => DropRepetition(activity),
        ActivityStopped = static activity => Tidy(activity),
        ExceptionRecorder = static (_, exception, ref tags) => LibraryFailures.Unwrap(exception, ref tags),
    });

    static Library? LibraryOf(ActivitySource source) => Libraries.WithSource(source.Name) is { Family: not null } library ? library : null;

    /// <summary>A command that wraps another provider's has a span already, and so has one of EF Core's where the app has an instrumentation for that.</summary>
    internal static void DropRepetition(Activity activity)
    {
        if (LibraryOf(activity.Source)?.Family != "DATA")
            return;
        if (CurrentSpan.ParentOf(activity) is { } span ? span.Source.Name == Names.DataSource && span.Kind == ActivityKind.Client // not the making of what a cache has not had
            : activity.Parent is { } parent && AppInstrumentations.HaveMade(parent) && !AppSdk.Hears(activity.Source.Name))
            Unrecorded.Make(activity);
    }

    internal static void Tidy(Activity activity)
    {
        if (!activity.IsAllDataRequested)
            return;
        Rename(activity, Renamed);
        if (activity.GetTagItem(Names.MessagingOperation) is string operation && activity.GetTagItem(Names.MessagingOperationType) is null)
            activity.SetTag(Names.MessagingOperationType, MessagingType(operation));
        if (activity.GetTagItem(Names.PeerAddress) is { } peer && activity.GetTagItem(Names.ServerAddress) is null)
            activity.SetTag(Names.ServerAddress, peer); // the app has named the server by its address
        if (activity.GetTagItem(Names.DbQueryText) is string query && LibraryOf(activity.Source) is { System: not null } library)
            TidySql(activity, SqlText.Of(query, library.Dialect));
        if (activity.GetTagItem(GraphQLDocument.Attribute) is string document)
            activity.SetTag(GraphQLDocument.Attribute, GraphQLDocument.WithoutLiterals(document));
        if (LibraryOf(activity.Source)?.Switch != "AZURE" && activity.GetTagItem(Names.UrlFull) is string url && url.IndexOf('?', StringComparison.Ordinal) is var at and >= 0)
            activity.SetTag(Names.UrlFull, $"{url[..at]}?*"); // as the framework does it; Azure's SDK redacts the values itself
        if (activity.OperationName == "Quartz.Job.Execute" && activity.GetTagItem("quartz.job.name") is string job)
            activity.DisplayName = activity.GetTagItem("quartz.job.group") is string group ? $"job {group}.{job}" : $"job {job}";
        if (activity.Source.Name.StartsWith("MailKit.Net.", StringComparison.Ordinal))
            activity.DisplayName = $"{(activity.GetTagItem("url.scheme") as string)?.TrimEnd('s')} {activity.OperationName.ToLowerInvariant()}";
        if (activity.Source.Name == NatsSpans.Source)
            NatsSpans.Tidy(activity);
        LibraryFailures.Tidy(activity);
    }

    /// <summary>The conventions' kind of an operation by the name that a library gives it; null if it is none of them.</summary>
    static string? MessagingType(string operation) => operation switch
    {
        "send" or "publish" or "request" or "deliver_request" => "send",
        "receive" or "poll" or "fetch" or "pull" or "get" => "receive",
        "process" or "consume" or "deliver" or "handle" => "process",
        "create" => "create",
        "settle" or "ack" or "nack" or "complete" or "abandon" or "reject" => "settle",
        _ => null,
    };

    /// <summary>Gives attributes their new names; those without one go.</summary>
    public static void Rename(Activity activity, Dictionary<string, string?> names)
    {
        List<(string Old, string? New, object? Value)>? found = null;
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            if (names.TryGetValue(tag.Key, out var name))
                (found ??= []).Add((tag.Key, name, tag.Value));
        }
        foreach (var (old, name, tag) in found ?? [])
        {
            activity.SetTag(old, null);
            var value = name == Names.ServerPort && tag is string text && int.TryParse(text, CultureInfo.InvariantCulture, out var port) ? port : tag;
            if (name is not null && value is not "")
                activity.SetTag(name, value);
        }
    }

    static void TidySql(Activity activity, SqlText text)
    {
        activity.SetTag(Names.DbQueryText, text.Text);
        if (text.Summary.Length == 0)
            return;
        activity.SetTag(Names.DbQuerySummary, text.Summary);
        activity.DisplayName = text.Summary;
    }
}
