using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using HarmonyLib.Rejit;
using HarmonyLib.Weaving;

namespace HarmonyLib;

/// <summary>
/// Every assembly that is loaded, for those who patch, and what of it the app sees. An app that scans its assemblies must find the ones it finds
/// without us: it may load all that they refer to, or expect each name once. Not in HarmonyLib.
/// </summary>
public static unsafe class LoadedAssemblies
{
    static readonly AssemblyLoadEventHandler OwnHandler = static (_, loaded) => Tell(loaded.LoadedAssembly);
    static readonly Lock Gate = new();
    static Action<Assembly>[] _actions = [];
    static AssemblyLoadContext[] _contexts = [];
    static Assembly[] _assemblies = [];

    /// <summary>Whether this thread is one of ours, whose loads wake no code of the app on it.</summary>
    [ThreadStatic]
    static bool _isOwnThread;

    static long _hiddenSince;

    /// <summary>The <see cref="Stopwatch"/>'s time stamp from which on the app has not seen what is hidden; null as long as it does, because the engine is not attached.</summary>
    public static long? HiddenSince => Volatile.Read(ref _hiddenSince) is not 0 and var since ? since : null;

    /// <summary>
    /// Calls the action for each assembly that is loaded, at once and from now on, hidden ones too. It runs inside the load, before any code of the assembly
    /// does, and must not throw.
    /// </summary>
    public static void ForEach(Action<Assembly> action)
    {
        lock (Gate)
        {
            if (_actions.Length == 0)
                AppDomain.CurrentDomain.AssemblyLoad += OwnHandler;
            _actions = [.. _actions, action];
        }
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
            action(assembly);
    }

    /// <summary>Keeps a load context out of AssemblyLoadContext.All, and its assemblies out of all lists and events as soon as the engine is attached.</summary>
    public static void Hide(AssemblyLoadContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        lock (Gate)
            _contexts = [.. _contexts, context];
        try
        {
            var all = AllContexts(null);
            if (all is null)
                return;
            lock (all)
                all.Remove(IdOf(context));
        }
        catch (MissingFieldException)
        {
            // another runtime: the context stays in that list
        }
    }

    /// <summary>The same for one assembly.</summary>
    public static void Hide(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        lock (Gate)
            _assemblies = [.. _assemblies, assembly];
    }

    /// <summary>Whether the app is not to see an assembly.</summary>
    public static bool IsHidden(Assembly assembly) =>
        Array.IndexOf(_assemblies, assembly) >= 0 || Array.IndexOf(_contexts, AssemblyLoadContext.GetLoadContext(assembly)) >= 0;

    /// <summary>
    /// This thread is one of ours, for which the app may wait: handlers that the app has for AssemblyLoad hear of what is loaded here on a thread of the pool.
    /// </summary>
    public static void HoldBackOnThisThread() => _isOwnThread = true;

    /// <summary>From now on the app sees nothing hidden. Needs the attached engine; where the runtime has other methods, it is said and everything stays visible.</summary>
    internal static void StartHiding()
    {
        var load = typeof(AssemblyLoadContext).GetMethod("OnAssemblyLoad", BindingFlags.NonPublic | BindingFlags.Static, [typeof(object).Assembly.GetType("System.Reflection.RuntimeAssembly")!]);
        var list = typeof(AssemblyLoadContext).GetMethod("GetLoadedAssemblies", BindingFlags.NonPublic | BindingFlags.Static, []);
        try
        {
            if (load is null || list is null)
                throw new HarmonyException("this runtime has no AssemblyLoadContext.OnAssemblyLoad and GetLoadedAssemblies");
            PatchTable.AddCoreLibCalls(
            [
                new CoreLibAddition(load, CoreLibCall.Condition, (nint)(delegate*<object, bool>)&IsForApp),
                new CoreLibAddition(list, CoreLibCall.Result, (nint)(delegate*<object, void>)&LeaveOut),
            ]);
            Volatile.Write(ref _hiddenSince, Stopwatch.GetTimestamp());
        }
        catch (HarmonyException e)
        {
            Harmony.Say(Harmony.Detail, $"the app sees the agent's assemblies: {e.Message}");
        }
    }

    static void Tell(Assembly assembly)
    {
        foreach (var action in _actions)
            action(assembly);
    }

    /// <summary>Stands at the beginning of AssemblyLoadContext.OnAssemblyLoad. If it is false, nobody has been told by the event.</summary>
    static bool IsForApp(object loaded)
    {
        try
        {
            var assembly = (Assembly)loaded;
            var isHidden = IsHidden(assembly);
            if (!isHidden && !_isOwnThread)
                return true;
            Tell(assembly);
            if (!isHidden)
                ThreadPool.UnsafeQueueUserWorkItem(TellApp, assembly, preferLocal: false);
            return false;
        }
        catch (Exception e)
        {
            Harmony.Say($"an assembly load cannot be judged: {e}");
            return true;
        }
    }

    static void TellApp(Assembly assembly)
    {
        foreach (var handler in Delegate.EnumerateInvocationList(Handlers(null)))
        {
            try
            {
                if (handler != OwnHandler)
                    handler(AppDomain.CurrentDomain, new AssemblyLoadEventArgs(assembly));
            }
            catch (Exception)
            {
                // the app's own, which nothing of the app has caused now
            }
        }
    }

    /// <summary>Stands at the end of AssemblyLoadContext.GetLoadedAssemblies, with the list as the only element of an array.</summary>
    static void LeaveOut(object result)
    {
        try
        {
            var holder = (object[])result;
            var all = (Assembly[])holder[0];
            if (Array.Exists(all, IsHidden))
                holder[0] = Array.FindAll(all, static assembly => !IsHidden(assembly));
        }
        catch (Exception e)
        {
            Harmony.Say($"a list of assemblies stays as it is: {e}");
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "s_allContexts")]
    static extern ref Dictionary<long, WeakReference<AssemblyLoadContext>>? AllContexts(AssemblyLoadContext? context);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_id")]
    static extern ref readonly long IdOf(AssemblyLoadContext context);

    [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "AssemblyLoad")]
    static extern ref AssemblyLoadEventHandler? Handlers(AssemblyLoadContext? context);
}
