using System.Diagnostics;
using System.Reflection;
using HarmonyLib;

namespace Agent.Instrumentations.Messaging;

/// <summary>
/// One span per request or notification that is handed to Mediator, whose code is generated into the app: as MediatR's. However a message is sent, it ends in a class of that code for its
/// kind, where the handler with all behaviors around it is one delegate, which gets the span.
/// </summary>
[HarmonyPatch]
static class MediatorPatch
{
    /// <summary>Always there where the code has been generated, whatever namespace the app has wanted for the rest.</summary>
    const string Registration = "Microsoft.Extensions.DependencyInjection.MediatorDependencyInjectionExtensions";

    static readonly Harmony Harmony = new("agent");
    static readonly Lock Gate = new();
    static readonly HashSet<Assembly> Done = [];
    static int s_isWatching;

    /// <summary>There is nothing in the library itself to patch, but only from now on there may be something in an assembly of the app's.</summary>
    static bool Prepare()
    {
        if (Interlocked.Exchange(ref s_isWatching, 1) == 0)
            LoadedAssemblies.ForEach(Install);
        return false;
    }

    static MethodBase[] TargetMethods() => [];

    /// <summary>Runs inside of the app's own assembly load.</summary>
    static void Install(Assembly assembly)
    {
        try
        {
            if (assembly.IsDynamic || assembly.IsCollectible || assembly.GetType(Registration) is null || !AgentProcess.IsEngineThere(() => Install(assembly)))
                return;
            lock (Gate)
            {
                if (!Done.Add(assembly))
                    return;
            }
            const BindingFlags declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly;
            List<MethodBase> inits = [], publishes = [];
            foreach (var type in Wrappers(assembly))
            {
                if (type.Name == "NotificationHandlerWrapper`1")
                    publishes.AddRange(type.GetMethods(declared).Where(static method => method.Name == "Handle" && method.ReturnType == typeof(ValueTask) && method.GetParameters()[0].ParameterType.IsGenericParameter));
                else if (type.GetMethod("Init", declared) is { } init)
                    inits.Add(init);
            }
            foreach (var (method, reason) in Harmony.PatchMany(inits, postfix: new HarmonyMethod(typeof(MediatorPatch), nameof(HasHandler))).Concat(
                Harmony.PatchMany(publishes, new HarmonyMethod(typeof(MediatorPatch), nameof(Publish)), finalizer: new HarmonyMethod(typeof(MediatorPatch), nameof(Published)))))
                Log.Warn($"what is handed to Mediator gets no span: {reason} ({method.Name})");
        }
        catch (Exception e)
        {
            Log.Warn($"what is handed to Mediator gets no span: {e.GetType().Name}: {e.Message}");
        }
    }

    static IEnumerable<Type> Wrappers(Assembly assembly)
    {
        string[] names = ["RequestHandlerWrapper`2", "CommandHandlerWrapper`2", "QueryHandlerWrapper`2", "NotificationHandlerWrapper`1"];
        var types = names.Select(name => assembly.GetType($"Mediator.Internals.{name}")).OfType<Type>().ToList();
        return types.Count > 0 ? types : assembly.GetTypes().Where(type => names.Contains(type.Name) && type.Namespace?.EndsWith(".Internals", StringComparison.Ordinal) == true);
    }

    static void HasHandler(object __instance)
    {
        var type = __instance.GetType();
        if (type.GetField("_rootHandler", BindingFlags.Instance | BindingFlags.NonPublic) is not { } field || field.GetValue(__instance) is not Delegate handler)
            return;
        var spans = Activator.CreateInstance(typeof(Handler<,>).MakeGenericType(type.GenericTypeArguments), [handler])!;
        field.SetValue(__instance, Delegate.CreateDelegate(field.FieldType, spans, "Send"));
    }

    static void Publish(object? __0, out MediatorSpan? __state) => __state = MediatorSpan.Begin("publish", __0);

    static void Published(Exception? __exception, ref ValueTask __result, MediatorSpan? __state)
    {
        if (__state is null)
            return;
        var task = __exception is null && !__result.IsCompletedSuccessfully ? __result.AsTask() : null; // may be taken once only
        if (task is not null)
            __result = new ValueTask(task);
        __state.End(__exception, task);
    }

    /// <summary>The handler of one kind of messages.</summary>
    [StackTraceHidden]
    sealed class Handler<TMessage, TResponse>(Delegate inner)
    {
        /// <summary>The library's delegate has a type of its own.</summary>
        readonly Func<TMessage, CancellationToken, ValueTask<TResponse>> _inner = inner.GetType().GetMethod("Invoke")!.CreateDelegate<Func<TMessage, CancellationToken, ValueTask<TResponse>>>(inner);

        public ValueTask<TResponse> Send(TMessage message, CancellationToken cancellationToken)
        {
            if (MediatorSpan.Begin("send", message) is not { } span)
                return _inner(message, cancellationToken);
            ValueTask<TResponse> result;
            try
            {
                result = _inner(message, cancellationToken);
            }
            catch (Exception e)
            {
                span.End(e);
                throw;
            }
            if (result.IsCompletedSuccessfully)
            {
                span.End(null);
                return result;
            }
            var task = result.AsTask();
            span.End(null, task);
            return new(task);
        }
    }
}
