using System.Diagnostics;
using Agent.Instrumentations;
using Agent.Instrumentations.Data;

namespace Agent.Tracing;

/// <summary>
/// The Azure SDK makes spans only where it is asked to, one for each call and one for each HTTP request in it. The latter has the request's
/// id of Azure and is what the service gets as its parent, so it stays, and HttpClient's own span inside of it goes. Listeners beside the
/// provider's, because the provider may be the app's (<see cref="AppSdk"/>).
/// </summary>
static class AzureSpans
{
    const string Switch = "Azure.Experimental.EnableActivitySource", Variable = "AZURE_EXPERIMENTAL_ENABLE_ACTIVITY_SOURCE";
    const string HttpSource = "Azure.Core.Http";

    /// <summary>What older conventions call it, and what it is called now; null for what says nothing.</summary>
    static readonly Dictionary<string, string?> Renamed = new(StringComparer.Ordinal)
    {
        ["az.namespace"] = "azure.resource_provider.namespace",
        ["az.service_request_id"] = "azure.service.request.id",
        ["az.schema_url"] = null,
    };

    static bool _isSwitchedOn;

    /// <summary>Whether there are any, of a library that the app has.</summary>
    public static bool AreWanted => IsWanted(Settings.Current);

    /// <summary>Before the app has a client: the SDK asks once.</summary>
    public static void SwitchOn(Settings settings)
    {
        if (!IsWanted(settings) || AppContext.TryGetSwitch(Switch, out _) || Environment.GetEnvironmentVariable(Variable) is not null)
            return;
        AppContext.SetSwitch(Switch, true);
        _isSwitchedOn = true;
    }

    public static void Start(Settings settings)
    {
        if (!IsWanted(settings))
            return;
        OwnListeners.Add(new ActivityListener
        {
            ShouldListenTo = static source => source.Name.StartsWith("Azure.", StringComparison.Ordinal),
            ActivityStopped = static activity => Tidy(activity),
        });
        OwnListeners.Add(new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "System.Net.Http",
            ActivityStarted = static activity =>
            {
                if (activity.Parent is { IsAllDataRequested: true, Source.Name: HttpSource } && MayReplace)
                    Unrecorded.Make(activity);
            },
            ActivityStopped = static activity =>
            {
                if (activity.IsAllDataRequested && activity.GetTagItem(Names.UrlFull) is string url)
                    activity.SetTag(Names.UrlFull, WithoutDocument(url));
            },
        });
    }

    /// <summary>Not a span that the app gets by its own choice: it hears both kinds by itself, or only HttpClient's.</summary>
    static bool MayReplace => !AppSdk.IsThere || (_isSwitchedOn && AppInstrumentations.AreJoined);

    internal static void Tidy(Activity activity)
    {
        if (!activity.IsAllDataRequested)
            return;
        LibrarySpans.Rename(activity, Renamed);
        if (activity.GetTagItem(Names.UrlFull) is string url)
            activity.SetTag(Names.UrlFull, WithoutFilter(url));
        if (activity.Source.Name != "Azure.Cosmos.Operation")
            return;
        activity.SetTag(Names.DbSystem, "azure.cosmosdb"); // the conventions' name
        if (activity.GetTagItem(Names.DbQueryText) is string query)
            activity.SetTag(Names.DbQueryText, SqlText.Of(query, SqlDialect.Unknown).Text);
    }

    /// <summary>The id of a document of Cosmos' is the app's: …/colls/orders/docs/*.</summary>
    internal static string WithoutDocument(string url)
    {
        const string Documents = "/docs/";
        var at = url.IndexOf("/colls/", StringComparison.Ordinal);
        at = at < 0 ? at : url.IndexOf(Documents, at, StringComparison.Ordinal);
        if (at < 0)
            return url;
        at += Documents.Length;
        var end = url.AsSpan(at).IndexOfAny('/', '?');
        return $"{url[..at]}*{(end < 0 ? "" : url[(at + end)..])}";
    }

    /// <summary>Of the parameters that the SDK does not redact itself, one says what the app looks for in a table.</summary>
    internal static string WithoutFilter(string url)
    {
        const string Filter = "$filter=";
        var at = url.IndexOf(Filter, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return url;
        var rest = url.IndexOf('&', at);
        return $"{url[..(at + Filter.Length)]}*{(rest < 0 ? "" : url[rest..])}";
    }

    static bool IsWanted(Settings settings) => Libraries.WithSource("Azure.*") is { } azure && azure.IsOn(settings) && AppAssemblies.MayHave(azure.Assembly!);
}
