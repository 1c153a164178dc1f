using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.Tracing;

namespace Agent.Instrumentations.Methods;

/// <summary>A span around one call of a method that AGENT_TRACE_METHODS names. Outside of a request it is a trace of its own.</summary>
sealed class MethodSpan : DispatchSpan
{
    static readonly ActivitySource Source = new(Names.MethodSource, AgentProcess.Version);
    static readonly ConcurrentDictionary<MethodBase, Description> Descriptions = new();

    static readonly Attempts Attempts = new("enumerations");

    readonly Description _description;

    MethodSpan(SpanRecord record, Description description) : base(record) => _description = description;

    /// <summary>For code that the app calls directly: never throws.</summary>
    public static MethodSpan? TryBegin(MethodBase method) => Attempts.Make(method, Begin);

    /// <summary>Null if it would not be recorded.</summary>
    public static MethodSpan? Begin(MethodBase method)
    {
        if (!MayStart(Source))
            return null;
        var description = Descriptions.GetOrAdd(method, static method => new Description(method));
        return CurrentSpan.Begin(Source, description.Name, ActivityKind.Internal, description.Tags) is { } record ? new MethodSpan(record, description) : null;
    }

    /// <summary>
    /// To be called instead of <see cref="DispatchSpan.End"/>. A task that the method has returned before and that still goes on, such as one that a service keeps for
    /// its whole life, is not this call's: the call ends when it returns, and leaves nothing in the task.
    /// </summary>
    public void EndWith(Exception? exception, Task? task) => End(exception, task is { IsCompleted: false } && !_description.Pending.TryAdd(task, _description) ? null : task);

    /// <summary>It encloses a part of what it stands for; who does it restores the scope that was there before.</summary>
    public void Enter() => CurrentSpan.Enter(Record);

    sealed class Description(MethodBase method)
    {
        public string Name { get; } = $"{CodeName.Simple(method.DeclaringType!)}.{method.Name}";

        /// <summary>Tasks that calls have returned and that were not completed; the values mean nothing.</summary>
        public ConditionalWeakTable<Task, object> Pending { get; } = [];

        public KeyValuePair<string, object?>[] Tags { get; } = [new(Names.CodeFunction, $"{method.DeclaringType!.FullName}.{method.Name}")];
    }
}
