using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using HarmonyLib;

namespace Agent.Torture;

/// <summary>
/// The patches. They call nothing, because whatever they called would be patched too and call them again. The prefix counts, so that the
/// summary can say that patches have run; many threads count at once, so roughly.
/// </summary>
static class Hooks
{
    public static long Calls;

    /// <summary>Set after all patches were taken out: from now on <see cref="Seen"/> collects where one runs all the same.</summary>
    public static bool IsOver;

    static readonly Dictionary<string, int> _seen = [];
    static int _isLooking;

    public static readonly HarmonyMethod ForPrefix = new(Method(nameof(Prefix))), ForPostfix = new(Method(nameof(Postfix))), ForFinalizer = new(Method(nameof(Finalizer))), ForTranspiler = new(Method(nameof(Transpiler)));

    static MethodInfo Method(string name) => typeof(Hooks).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Methods that still ran a patch, each with how often.</summary>
    public static string Seen
    {
        get
        {
            lock (_seen)
                return string.Join(", ", _seen.OrderByDescending(item => item.Value).Select(item => $"{item.Key} ({item.Value})"));
        }
    }

    static void Prefix()
    {
        Calls++;
        if (IsOver)
            See();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void See()
    {
        if (Interlocked.Exchange(ref _isLooking, 1) == 1)
            return; // on another thread, or in what this calls
        var name = new StackFrame(skipFrames: 2).GetMethod() is { } method ? $"{method.DeclaringType}.{method.Name}" : "?";
        lock (_seen)
            _seen[name] = _seen.GetValueOrDefault(name) + 1;
        _isLooking = 0;
    }

    static void Postfix() { }

    /// <summary>The same instructions anew, so that each operand must be found again.</summary>
    static List<CodeInstruction> Transpiler(IEnumerable<CodeInstruction> instructions) =>
        [.. instructions.Select(static item => new CodeInstruction(item.opcode, item.operand) { labels = item.labels, blocks = item.blocks })];

    static void Finalizer(Exception? __exception) => _ = __exception;
}
