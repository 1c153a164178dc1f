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
    /// <summary>What older conventions call it, and what it is called now; null for what is not to leave the process, or says nothing.</summary>
    static readonly (string Old, string? New)[] Renamed =
    [
        ("db.system", Names.DbSystem),
        ("db.name", Names.DbNamespace),
        ("db.statement", Names.DbQueryText),
        ("db.operation", Names.DbOperation),
        ("db.elasticsearch.path_parts.index", Names.DbCollection),
        ("net.peer.name", Names.ServerAddress),
        ("net.peer.ip", Names.PeerAddress),
        ("net.peer.port", Names.ServerPort),
        ("db.connection_string", null),
        ("db.user", null),
        ("net.transport", null),
        ("thread.id", null),
        ("db.mongodb.lsid", null), // which session of the client it was
        ("orleans.rpc.target_id", null), // a grain's key is often a person's name or address
        ("orleans.rpc.source_id", null),
        ("messaging.operation", Names.MessagingOperation),
        ("messaging.destination", Names.MessagingDestination),
        ("messaging.message_id", "messaging.message.id"),
        ("messaging.conversation_id", "messaging.message.conversation_id"),
    ];

    public static void Start() => OwnListeners.Add(new ActivityListener
    {
        ShouldListenTo = static source => LibraryOf(source) is not null,
        ActivityStarted = static activity => DropRepetition(activity),
        ActivityStopped = static activity => Tidy(activity),
    });

    static Library? LibraryOf(ActivitySource source) => Libraries.WithSource(source.Name) is { Family: "DATA" or "MESSAGING" or "REMOTE" } library ? library : null;

    /// <summary>A command that wraps another provider's has a span already, and so has one of EF Core's where the app has an instrumentation for that.</summary>
    static void DropRepetition(Activity activity)
    {
        if (LibraryOf(activity.Source)?.Family != "DATA")
            return;
        if (CurrentSpan.ParentOf(activity) is { } span ? span.Source.Name == Names.DataSource
            : activity.Parent is { } parent && AppInstrumentations.HaveMade(parent) && !AppSdk.Hears(activity.Source.Name))
            Unrecorded.Make(activity);
    }

    internal static void Tidy(Activity activity)
    {
        if (!activity.IsAllDataRequested)
            return;
        Rename(activity, Renamed);
        if (activity.GetTagItem(Names.PeerAddress) is { } peer && activity.GetTagItem(Names.ServerAddress) is null)
            activity.SetTag(Names.ServerAddress, peer); // the app has named the server by its address
        if (activity.GetTagItem(Names.DbQueryText) is string query && LibraryOf(activity.Source) is { System: not null } library)
            TidySql(activity, SqlText.Of(query, library.Dialect));
        if (activity.GetTagItem(GraphQLDocument.Attribute) is string document)
            activity.SetTag(GraphQLDocument.Attribute, GraphQLDocument.WithoutLiterals(document));
        if (activity.GetTagItem(Names.UrlFull) is string url && url.IndexOf('?', StringComparison.Ordinal) is var at and >= 0)
            activity.SetTag(Names.UrlFull, $"{url[..at]}?*"); // as the framework does it
    }

    /// <summary>Gives attributes their new names; those without one go.</summary>
    public static void Rename(Activity activity, (string Old, string? New)[] names)
    {
        foreach (var (old, name) in names)
        {
            if (activity.GetTagItem(old) is not { } value)
                continue;
            activity.SetTag(old, null);
            if (name == Names.ServerPort && value is string text && int.TryParse(text, CultureInfo.InvariantCulture, out var port))
                value = port;
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
