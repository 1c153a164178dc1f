using System.Diagnostics;
using Agent.Instrumentations;

namespace Agent.Tracing;

/// <summary>
/// Spans of models and of tools (semantic conventions for generative AI, which are experimental). What is said to a model and what it answers never leaves,
/// whatever the app has switched on: it is what people have typed. One call has one span, however many libraries it goes through. A listener beside the
/// provider's, because the provider may be the app's (<see cref="AppSdk"/>).
/// </summary>
static class GenerativeAiSpans
{
    const string Operation = "gen_ai.operation.name", Model = "gen_ai.request.model", Tool = "gen_ai.tool.name", FinishReasons = "gen_ai.response.finish_reasons";
    const string Chat = "chat", Orchestration = "orchestrate_tools";
    const string ExtensionsAi = "Experimental.Microsoft.Extensions.AI", Mcp = "Experimental.ModelContextProtocol", Anthropic = "com.anthropic.sdk.csharp";

    /// <summary>What older conventions call it, and what it is called now; null for what is not to leave the process, or says nothing.</summary>
    static readonly Dictionary<string, string?> Renamed = new(StringComparer.Ordinal)
    {
        ["gen_ai.system"] = "gen_ai.provider.name",
        ["gen_ai.response.finish_reason"] = FinishReasons,
        ["gen_ai.input.messages"] = null,
        ["gen_ai.output.messages"] = null,
        ["gen_ai.system_instructions"] = null,
        ["gen_ai.prompt"] = null,
        ["gen_ai.completion"] = null,
        ["gen_ai.tool.call.arguments"] = null,
        ["gen_ai.tool.call.result"] = null,
        ["gen_ai.tool.definitions"] = null,
        ["gen_ai.tool.description"] = null,
        ["gen_ai.agent.description"] = null,
        ["gen_ai.embeddings.input"] = null,
        ["gen_ai.retrieval.query.text"] = null,
        ["gen_ai.retrieval.documents"] = null,
        ["anthropic.input.messages"] = null,
        ["anthropic.output.messages"] = null,
        ["mcp.session.id"] = null, // who knows it can go on with the session
        ["http.route"] = null, // of the service that is called
    };

    /// <summary>Before the app has a client: the libraries ask once, and have their spans switched off.</summary>
    public static void SwitchOn(Settings settings)
    {
        SwitchOn("OpenAI", "OpenAI.Experimental.EnableOpenTelemetry", "OPENAI_EXPERIMENTAL_ENABLE_OPEN_TELEMETRY");
        SwitchOn("Microsoft.SemanticKernel.Abstractions", "Microsoft.SemanticKernel.Experimental.GenAI.EnableOTelDiagnostics", "SEMANTICKERNEL_EXPERIMENTAL_GENAI_ENABLE_OTEL_DIAGNOSTICS");

        void SwitchOn(string assembly, string name, string variable)
        {
            if (AppAssemblies.MayHave(assembly) && Libraries.All.Any(library => library.Assembly == assembly && library.IsOn(settings))
                && !AppContext.TryGetSwitch(name, out _) && Environment.GetEnvironmentVariable(variable) is null)
                AppContext.SetSwitch(name, true);
        }
    }

    public static void Start(Settings settings)
    {
        if (!Libraries.All.Any(library => library.Family == "GENAI" && library.IsOn(settings) && AppAssemblies.MayHave(library.Assembly!)))
            return;
        OwnListeners.Add(new ActivityListener
        {
            ShouldListenTo = static source => IsOfModels(source.Name),
            ActivityStarted = static activity =>
            {
                PassedOver.Adopt(activity);
                Repeat(activity);
            },
            ActivityStopped = static activity => Tidy(activity),
        });
        OwnListeners.Add(new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "System.Net.Http",
            ActivityStarted = static activity => PassedOver.Adopt(activity),
        });
    }

    static bool IsOfModels(string source) => Libraries.WithSource(source) is { Family: "GENAI" };

    /// <summary>
    /// A client of a model inside of another one's call says the same once more. Where the app has put its tools inside of its telemetry, a call is not one of the
    /// model but all that it takes until there is an answer: that is what the span inside of it is called.
    /// </summary>
    static void Repeat(Activity activity)
    {
        if (activity.Parent is not { IsAllDataRequested: true } parent || !IsOfModels(parent.Source.Name) || OperationOf(parent) != Chat)
            return;
        if (activity.OperationName == Orchestration && parent.Source.Name == activity.Source.Name)
        {
            parent.SetCustomProperty(Orchestration, Orchestration);
            PassedOver.Make(activity);
        }
        else if (OperationOf(activity) == Chat && parent.GetCustomProperty(Orchestration) is null)
            PassedOver.Make(activity);
    }

    static string? OperationOf(Activity activity) => activity.GetTagItem(Operation) as string
        ?? (activity.OperationName == Chat || activity.OperationName.StartsWith("chat ", StringComparison.Ordinal) || activity.OperationName == "anthropic.messages.create" ? Chat : null);

    internal static void Tidy(Activity activity)
    {
        if (!activity.IsAllDataRequested)
            return;
        LibrarySpans.Rename(activity, Renamed);
        DropDoubles(activity);
        if (activity.GetCustomProperty(Orchestration) is not null)
        {
            activity.SetTag(Operation, Orchestration).SetTag("gen_ai.usage.input_tokens", null).SetTag("gen_ai.usage.output_tokens", null); // those of the calls in it
            activity.DisplayName = Orchestration;
        }
        if (activity.Source.Name == Anthropic && activity.GetTagItem(Operation) is string operation)
            activity.DisplayName = activity.GetTagItem(Model) is string model ? $"{operation} {model}" : operation;
        if (activity.Source.Name == Mcp)
            activity.SetStatus(activity.Status); // its description is what the tool has answered
        activity.DisplayName = WithoutDigits(activity.DisplayName);
        if (activity.GetTagItem(Tool) is string tool)
            activity.SetTag(Tool, WithoutDigits(tool));
        if (activity.GetTagItem(FinishReasons) is string reasons)
            activity.SetTag(FinishReasons, reasons.Split(['[', ']', '"', ',', ' '], StringSplitOptions.RemoveEmptyEntries));
        if (activity.GetTagItem(Names.ServerAddress) is string address && Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Host.Length > 0)
            activity.SetTag(Names.ServerAddress, url.Host).SetTag(Names.ServerPort, url.Port);
    }

    /// <summary>«InvokePromptAsync» of a prompt's function that has got a name with 32 random digits.</summary>
    internal static string WithoutDigits(string name)
    {
        const int digits = 32;
        return name.Length > digits + 1 && name[^(digits + 1)] == '_' && IsHex(name.AsSpan()[^digits..]) ? name[..^(digits + 1)] : name;
    }

    static bool IsHex(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiHexDigit(character))
                return false;
        }
        return true;
    }

    /// <summary>Keys are unique in OTLP; a library that has added one twice means the last.</summary>
    static void DropDoubles(Activity activity)
    {
        HashSet<string>? seen = null;
        List<string>? twice = null;
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            if (!(seen ??= []).Add(tag.Key))
                (twice ??= []).Add(tag.Key);
        }
        foreach (var key in twice ?? [])
            activity.SetTag(key, null); // removes the first that it finds
    }
}
