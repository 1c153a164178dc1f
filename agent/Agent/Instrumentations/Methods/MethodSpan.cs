using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using Agent.Tracing;

namespace Agent.Instrumentations.Methods;

/// <summary>A span around one call of a method that AGENT_TRACE_METHODS names. Outside of a request it is a trace of its own.</summary>
sealed class MethodSpan : DispatchSpan
{
    static readonly ActivitySource Source = new(Names.MethodSource, AgentProcess.Version);
    static readonly ConcurrentDictionary<MethodBase, Description> Descriptions = new();

    static readonly Attempts Attempts = new("enumerations");

    MethodSpan(Activity activity) : base(activity) { }

    /// <summary>For code that the app calls directly: never throws.</summary>
    public static MethodSpan? TryBegin(MethodBase method) => Attempts.Make(method, Begin);

    /// <summary>Null if it would not be recorded.</summary>
    public static MethodSpan? Begin(MethodBase method)
    {
        if (!MayStart(Source))
            return null;
        var description = Descriptions.GetOrAdd(method, static method => new Description(method));
        return Source.StartActivity(description.Name, ActivityKind.Internal, parentContext: default, description.Tags) is { } activity ? new MethodSpan(activity) : null;
    }

    /// <summary>For a part of what it stands for; who does it makes the former one current again.</summary>
    public void MakeCurrent() => Activity.Current = Activity;

    sealed class Description(MethodBase method)
    {
        public string Name { get; } = $"{CodeName.Simple(method.DeclaringType!)}.{method.Name}";

        public KeyValuePair<string, object?>[] Tags { get; } = [new(Names.CodeFunction, $"{method.DeclaringType!.FullName}.{method.Name}")];
    }
}
