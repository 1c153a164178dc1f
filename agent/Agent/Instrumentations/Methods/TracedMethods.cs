using System.Reflection;
using System.Runtime.CompilerServices;
using HarmonyLib;

namespace Agent.Instrumentations.Methods;

/// <summary>
/// Spans without code: puts spans around the app's own methods that AGENT_TRACE_METHODS names, when the assembly they are in is loaded.
/// Says what each assembly has had to offer, and at the end what has matched nothing.
/// </summary>
sealed class TracedMethods
{
    const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

    readonly Harmony _harmony = new("agent.methods");
    readonly HashSet<Assembly> _seen = [];
    readonly IReadOnlyList<MethodPattern> _patterns;

    TracedMethods(IReadOnlyList<MethodPattern> patterns) => _patterns = patterns;

    public static void Start(IReadOnlyList<MethodPattern> patterns)
    {
        if (patterns.Count == 0)
            return;
        var methods = new TracedMethods(patterns);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => methods.SayWhatIsMissing();
        LoadedAssemblies.ForEach(methods.Install);
    }

    /// <summary>Runs inside the app's own assembly load: whatever happens here must not become the app's failure.</summary>
    void Install(Assembly assembly)
    {
        try
        {
            if (assembly.IsDynamic || assembly.IsCollectible || LoadedAssemblies.IsHidden(assembly) || assembly.GetName().Name is not { } name)
                return;
            var patterns = _patterns.Where(pattern => pattern.IsFor(name)).ToList();
            lock (_seen)
            {
                if (patterns.Count == 0 || !_seen.Add(assembly))
                    return;
            }
            Install(name, [.. TypesOf(assembly).SelectMany(type => type.GetMethods(Declared)).Where(method => IsMeant(method, patterns))]);
        }
        catch (Exception e)
        {
            Log.Error($"AGENT_TRACE_METHODS: methods of {assembly.FullName} get no spans: {e}");
        }
    }

    static IEnumerable<Type> TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            return e.Types.OfType<Type>(); // the others need assemblies that are not there, so nobody can call them
        }
    }

    /// <summary>A pattern with * does not mean what nobody has written, or what is called all the time and does nothing.</summary>
    static bool IsMeant(MethodInfo method, List<MethodPattern> patterns)
    {
        var isPlain = !method.IsSpecialName && !method.IsAbstract && !method.Name.Contains('<', StringComparison.Ordinal) && method.GetBaseDefinition().DeclaringType != typeof(object)
            && !IsGenerated(method) && !IsInGenerated(method.DeclaringType) && !typeof(Delegate).IsAssignableFrom(method.DeclaringType);
        return patterns.Find(pattern => (isPlain || pattern.IsExact) && pattern.Matches(method)) is not null;
    }

    /// <summary>What an asynchronous lambda becomes is in a class of the compiler's, and not marked itself.</summary>
    static bool IsInGenerated(Type? type)
    {
        for (; type is not null; type = type.DeclaringType)
        {
            if (IsGenerated(type))
                return true;
        }
        return false;
    }

    static bool IsGenerated(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    void Install(string assembly, List<MethodInfo> methods)
    {
        if (methods.Count == 0)
            return;
        if (!AgentProcess.IsEngineThere(() => Install(assembly, methods)))
        {
            if (!AgentProcess.IsEngineDecided)
                return;
            Log.Warn($"AGENT_TRACE_METHODS: {methods.Count} methods of {assembly} get no spans, because methods cannot be patched here.");
            return;
        }
        var refused = new Dictionary<MethodBase, string>();
        var begin = new HarmonyMethod(typeof(MethodCall), nameof(MethodCall.Begin));
        foreach (var kind in methods.GroupBy(EndOf))
        {
            if (kind.Key is not { } end)
            {
                foreach (var method in kind)
                    refused.Add(method, $"it returns a {method.ReturnType}, whose end cannot be seen");
                continue;
            }
            var isIterator = end.Name.StartsWith(nameof(MethodCall.Iterate), StringComparison.Ordinal);
            var result = isIterator ? _harmony.PatchMany(kind, postfix: new HarmonyMethod(end)) : _harmony.PatchMany(kind, begin, finalizer: new HarmonyMethod(end));
            foreach (var (method, reason) in result)
                refused.Add(method, reason);
        }
        foreach (var (method, reason) in refused)
            Log.Warn($"AGENT_TRACE_METHODS: {NameOf(method)} gets no spans: {reason}");
        Log.Info($"AGENT_TRACE_METHODS: spans for {methods.Count - refused.Count} {(methods.Count - refused.Count == 1 ? "method" : "methods")} of {assembly}.");
        foreach (var method in methods.Where(method => !refused.ContainsKey(method)))
            Log.Debug($"AGENT_TRACE_METHODS: {NameOf(method)}");
    }

    static string NameOf(MethodBase method) => $"{method.DeclaringType}.{method.Name}({string.Join(", ", method.GetParameters().Select(parameter => parameter.ParameterType.Name))})";

    /// <summary>The patch that knows when a call of such a method ends; null if there is none.</summary>
    static MethodInfo? EndOf(MethodInfo method)
    {
        if (AccessTools.IsRuntimeAsync(method)) // it ends when its code does
            return Patch(nameof(MethodCall.End));
        var type = method.ReturnType;
        var isIterator = method.IsDefined(typeof(IteratorStateMachineAttribute), inherit: false);
        var isAsyncIterator = method.IsDefined(typeof(AsyncIteratorStateMachineAttribute), inherit: false);
        if (type == typeof(ValueTask))
            return Patch(nameof(MethodCall.EndValueTask));
        if (Generic(type) is { } generic && (generic == typeof(ValueTask<>) || isIterator || isAsyncIterator))
        {
            var end = generic == typeof(ValueTask<>) ? nameof(MethodCall.EndValueTaskOf)
                : generic == typeof(IEnumerable<>) ? nameof(MethodCall.Iterate)
                : generic == typeof(IAsyncEnumerable<>) ? nameof(MethodCall.IterateAsync) : null;
            var element = type.GenericTypeArguments[0];
            return end is null || element.ContainsGenericParameters ? null : Patch(end).MakeGenericMethod(element);
        }
        return isIterator || isAsyncIterator ? null : Patch(typeof(Task).IsAssignableFrom(type) ? nameof(MethodCall.EndTask) : nameof(MethodCall.End));
    }

    static Type? Generic(Type type) => type is { IsGenericType: true, GenericTypeArguments.Length: 1 } ? type.GetGenericTypeDefinition() : null;

    static MethodInfo Patch(string name) => typeof(MethodCall).GetMethod(name)!;

    void SayWhatIsMissing()
    {
        foreach (var pattern in _patterns)
        {
            if (!pattern.HasMatched)
                Log.Warn($"AGENT_TRACE_METHODS: {pattern.Text} has matched no method of an assembly that was loaded.");
        }
    }
}
