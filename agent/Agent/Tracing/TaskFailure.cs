using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Agent.Tracing;

/// <summary>
/// Reads what a task has failed with and leaves it unobserved: whoever asks for <see cref="Task.Exception"/> has seen it, and the app's
/// <see cref="TaskScheduler.UnobservedTaskException"/> would no longer be raised for a task that it has forgotten.
/// </summary>
static class TaskFailure
{
    const BindingFlags Fields = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    static readonly FieldInfo? Properties = typeof(Task).GetField("m_contingentProperties", Fields);
    static readonly FieldInfo? Holder = Properties?.FieldType.GetField("m_exceptionsHolder", Fields);
    static readonly FieldInfo? Exceptions = Holder?.FieldType.GetField("m_faultExceptions", Fields);

    /// <summary>The first exception of a task that has failed. On a runtime that keeps it elsewhere, it has been observed then.</summary>
    public static Exception? First(Task task) =>
        Properties?.GetValue(task) is { } properties && Holder?.GetValue(properties) is { } holder && Exceptions?.GetValue(holder) is IReadOnlyList<ExceptionDispatchInfo> { Count: > 0 } exceptions
            ? exceptions[0].SourceException
            : task.Exception?.InnerException;
}
