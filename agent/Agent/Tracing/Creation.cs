using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Agent.Tracing;

/// <summary>What a span is made with, before the samplers are asked: a span that would be a root can be given a parent.</summary>
static class Creation
{
    /// <summary>Whether that is possible.</summary>
    public static bool CanSetParent { get; } = Probe();

    /// <summary>Makes a span that has no parent, and nothing around it, a child.</summary>
    public static void SetParent(ref ActivityCreationOptions<ActivityContext> options, ActivityContext parent) =>
        Options<ActivityContext>.Parent(ref options) = Options<ActivityContext>.Context(ref options) = parent;

    static bool Probe()
    {
        try
        {
            var options = default(ActivityCreationOptions<ActivityContext>);
            SetParent(ref options, default);
            return true;
        }
        catch (MissingFieldException)
        {
            return false;
        }
    }

    static class Options<T>
    {
        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<Parent>k__BackingField")]
        public static extern ref T Parent(ref ActivityCreationOptions<T> options);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_context")]
        public static extern ref ActivityContext Context(ref ActivityCreationOptions<T> options);
    }
}
