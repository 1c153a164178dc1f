using System.Reflection;
using System.Reflection.Emit;
using HarmonyLib.Weaving;

namespace HarmonyLib.Rejit;

/// <summary>A patch that is not installed, and why.</summary>
sealed record RefusedPatch(Patch Patch, HarmonyException Problem);

/// <summary>A call of ours in a method of CoreLib.</summary>
sealed record CoreLibAddition(MethodBase Method, CoreLibCall Call, nint Address);

/// <summary>
/// Every patched method with its patches. A change weaves its methods anew from their original bodies and asks the runtime once for all
/// of them; what cannot be woven is refused before anything changes.
/// </summary>
static unsafe class PatchTable
{
    /// <summary>
    /// Held while the table changes and the runtime is asked, never while code is woven: weaving loads types, a thread that loads an
    /// assembly may be inside our AssemblyLoad handler, and the two would wait for each other.
    /// </summary>
    static readonly Lock Gate = new();
    static readonly Dictionary<MethodBase, PatchedMethod> Methods = [];
    static readonly List<PatchedMethod> CoreLibMethods = [];

    /// <summary>Methods that reverse patches have made copies of others, and where the copies are. They stay, whatever patches come and go.</summary>
    static readonly Dictionary<MethodBase, Copy> Copies = [];
    static volatile bool s_hasCopies;
    static int _version;

    /// <summary>Every method has its original body, whatever the table says.</summary>
    static bool _isSuspended;

    /// <summary>Whether the patches in the table are without effect.</summary>
    public static bool IsSuspended
    {
        get
        {
            lock (Gate)
                return _isSuspended;
        }
    }

    /// <summary>Adds patches to methods.</summary>
    /// <returns>What was refused, with the reason; everything else is installed.</returns>
    /// <exception cref="HarmonyException">The runtime refused the whole request; nothing is installed.</exception>
    public static List<RefusedPatch> Add(IReadOnlyCollection<Patch> patches)
    {
        var added = new Dictionary<MethodBase, List<Patch>>();
        foreach (var patch in patches)
        {
            if (!added.TryGetValue(patch.Original, out var list))
                added[patch.Original] = list = [];
            list.Add(patch);
        }
        var refusals = Change(added.Keys, (method, present) =>
        {
            var index = present.Count == 0 ? 0 : present[^1].index + 1;
            foreach (var patch in added[method])
                patch.index = index++;
            return [.. present, .. added[method]];
        });
        var refused = new List<RefusedPatch>();
        foreach (var (method, problem) in refusals)
            refused.AddRange(added[method].Select(patch => new RefusedPatch(patch, problem)));
        return refused;
    }

    /// <summary>Where the copy is that a method only calls; 0 if it has code of its own.</summary>
    public static nint CopyFor(MethodBase method)
    {
        if (!s_hasCopies)
            return 0;
        lock (Copies)
            return Copies.TryGetValue(method, out var copy) ? copy.Address : 0;
    }

    static void SetCopyFor(MethodBase method, nint address)
    {
        lock (Copies)
        {
            if (address == 0)
                Copies.Remove(method);
            else
                Copies[method] = new Copy(address);
        }
        s_hasCopies = true;
    }

    /// <summary>Makes a method one that only calls a copy.</summary>
    /// <exception cref="HarmonyException">It cannot be done.</exception>
    public static void SetCopy(MethodBase method, nint address)
    {
        var before = CopyFor(method);
        SetCopyFor(method, address);
        var refusals = Change([method], static (_, present) => [.. present], evenIfTheSame: true);
        if (refusals.Count == 0)
            return;
        SetCopyFor(method, before);
        throw All(refusals);
    }

    /// <summary>Takes patches out of methods; those without any left have their original bodies back.</summary>
    /// <returns>Whether there were any.</returns>
    /// <exception cref="HarmonyException">The runtime refused.</exception>
    public static bool Remove(IReadOnlyCollection<MethodBase> methods, Func<Patch, bool> which)
    {
        var found = new HashSet<MethodBase>();
        var refusals = Change(methods, (method, present) =>
        {
            var left = present.Where(patch => !which(patch)).ToList();
            if (left.Count < present.Count)
                found.Add(method);
            else
                found.Remove(method); // the last time it was there, and another thread was faster
            return left;
        });
        return refusals.Count == 0 ? found.Count > 0 : throw All(refusals);
    }

    /// <summary>Adds calls of ours to methods of CoreLib. They are no patches: nobody lists them or takes them out.</summary>
    /// <exception cref="HarmonyException">It cannot be done; nothing was changed, or what was changed does no harm alone.</exception>
    public static void AddCoreLibCalls(IReadOnlyList<CoreLibAddition> additions)
    {
        var descriptions = Describe([.. additions.Select(static addition => addition.Method)]);
        var woven = new List<WovenMethod>(additions.Count);
        for (var i = 0; i < additions.Count; i++)
        {
            if (descriptions[i].Result < 0)
                throw new HarmonyException(Hresult.Sentence(descriptions[i].Result));
            var original = new OriginalBody(new ReadOnlySpan<byte>(descriptions[i].Body, descriptions[i].BodySize));
            woven.Add(new WovenMethod(additions[i].Method, descriptions[i].Module, descriptions[i].Token, CoreLibBody.Weave(original, additions[i].Call, additions[i].Address), []));
        }
        lock (Gate)
        {
            var refusals = new Dictionary<MethodBase, HarmonyException>();
            Install(woven, refusals);
            if (refusals.Count > 0)
                throw All(refusals);
            foreach (var item in woven)
                CoreLibMethods.Add(new PatchedMethod(item.Module, item.Token, []));
        }
    }

    /// <summary>What such patches are for: a definition, or its instantiations.</summary>
    public static List<MethodBase> Targets(Func<Patch, bool> which)
    {
        lock (Gate)
            return [.. Methods.Values.SelectMany(static method => method.Patches).Where(which).Select(static patch => patch.Target).Distinct()];
    }

    public static List<MethodBase> PatchedMethods()
    {
        lock (Gate)
            return [.. Methods.Keys];
    }

    /// <summary>Asks the runtime again for all patches, because of callers in an assembly that was loaded after them.</summary>
    public static void Renew()
    {
        lock (Gate)
        {
            List<PatchedMethod> all = [.. CoreLibMethods];
            if (!_isSuspended)
                all.AddRange(Methods.Values);
            var (modules, tokens) = (new nint[all.Count], new int[all.Count]);
            for (var i = 0; i < all.Count; i++)
                (modules[i], tokens[i]) = (all[i].Module, all[i].Token);
            if (all.Count > 0 && RejitLibrary.Renew(modules, tokens) is < 0 and var result)
                Harmony.Say($"patches may be missing where methods are inlined: {Hresult.Sentence(result)}");
        }
    }

    /// <summary>In the order in which they were added.</summary>
    public static List<Patch> PatchesOf(MethodBase method)
    {
        lock (Gate)
            return Methods.TryGetValue(method, out var patched) ? [.. patched.Patches] : [];
    }

    /// <summary>Whether there is code that patches could stand in.</summary>
    public static bool HasBody(MethodBase method) => !method.IsAbstract && !IsExtern(method);

    static bool IsExtern(MethodBase method) => (method.Attributes & MethodAttributes.PinvokeImpl) != 0 ||
        (method.MethodImplementationFlags & (MethodImplAttributes.InternalCall | MethodImplAttributes.Runtime)) != 0;

    /// <param name="methods">The methods to change.</param>
    /// <param name="newPatches">From the present patches of a method to the ones it shall have. May be called again.</param>
    /// <returns>Methods that keep their present patches, and why.</returns>
    static Dictionary<MethodBase, HarmonyException> Change(IReadOnlyCollection<MethodBase> methods, Func<MethodBase, List<Patch>, List<Patch>> newPatches, bool evenIfTheSame = false)
    {
        while (true)
        {
            var wanted = new Dictionary<MethodBase, List<Patch>>(methods.Count);
            int version;
            lock (Gate)
            {
                version = _version;
                foreach (var method in methods)
                {
                    var present = Methods.TryGetValue(method, out var patched) ? patched.Patches : [];
                    var patches = newPatches(method, present);
                    if (patches.Count != present.Count || evenIfTheSame)
                        wanted[method] = patches;
                }
            }
            var refusals = new Dictionary<MethodBase, HarmonyException>();
            var woven = Weave(wanted, refusals);
            lock (Gate)
            {
                if (version != _version)
                    continue; // another thread was faster: weave again with its patches
                _version++;
                if (!_isSuspended)
                    Install(woven, refusals);
                Note(woven, refusals);
                Revert(wanted, refusals);
                return refusals;
            }
        }
    }

    static void Note(List<WovenMethod> woven, Dictionary<MethodBase, HarmonyException> refusals)
    {
        foreach (var item in woven)
        {
            if (!refusals.ContainsKey(item.Method))
                Methods[item.Method] = new PatchedMethod(item.Module, item.Token, item.Patches);
        }
    }

    /// <summary>
    /// Gives every method its original body back with one request. The table stays as it is and goes on changing, without effect, until <see cref="Resume"/>.
    /// What stands in CoreLib stays.
    /// </summary>
    /// <returns>Methods that keep their patches, and why.</returns>
    public static Dictionary<MethodBase, HarmonyException> Suspend()
    {
        lock (Gate)
        {
            var refusals = new Dictionary<MethodBase, HarmonyException>();
            if (!_isSuspended)
                AskToRevert([.. Methods.Keys], refusals);
            _isSuspended = true;
            return refusals;
        }
    }

    /// <summary>Puts everything back in that is in the table, with one request.</summary>
    /// <returns>Methods that have lost their patches, and why.</returns>
    /// <exception cref="HarmonyException">The runtime refused the whole request; it is as before.</exception>
    public static Dictionary<MethodBase, HarmonyException> Resume()
    {
        while (true)
        {
            var wanted = new Dictionary<MethodBase, List<Patch>>();
            int version;
            lock (Gate)
            {
                if (!_isSuspended)
                    return [];
                version = _version;
                foreach (var (method, patched) in Methods)
                    wanted[method] = patched.Patches;
            }
            var refusals = new Dictionary<MethodBase, HarmonyException>();
            var woven = Weave(wanted, refusals);
            lock (Gate)
            {
                if (version != _version)
                    continue; // an assembly was loaded meanwhile
                _version++;
                Install(woven, refusals);
                Note(woven, refusals);
                foreach (var method in refusals.Keys)
                    Methods.Remove(method);
                _isSuspended = false;
                return refusals;
            }
        }
    }

    static List<WovenMethod> Weave(Dictionary<MethodBase, List<Patch>> wanted, Dictionary<MethodBase, HarmonyException> refusals)
    {
        var methods = new List<MethodBase>(wanted.Count); // loops in this file: LINQ over pairs and structs would have to be compiled at every start
        foreach (var (method, patches) in wanted)
        {
            if ((patches.Count > 0 || CopyFor(method) != 0) && IsPatchable(method, refusals))
                methods.Add(method);
        }
        var woven = new List<WovenMethod>(methods.Count);
        if (methods.Count == 0)
            return woven;
        var descriptions = Describe(methods);
        for (var i = 0; i < methods.Count; i++)
        {
            try
            {
                if (descriptions[i].Result < 0)
                    throw new HarmonyException(Hresult.Sentence(descriptions[i].Result));
                var body = Weaver.Weave(methods[i], descriptions[i], wanted[methods[i]]);
                woven.Add(new WovenMethod(methods[i], descriptions[i].Module, descriptions[i].Token, body, wanted[methods[i]]));
            }
            catch (HarmonyException e)
            {
                refusals[methods[i]] = HarmonyException.Refusal(methods[i], e.Message, e);
            }
        }
        return woven;
    }

    static HarmonyException All(Dictionary<MethodBase, HarmonyException> refusals) =>
        refusals.Count == 1 ? refusals.Values.First() : new HarmonyException(string.Join(Environment.NewLine, refusals.Values.Select(static problem => problem.Message)));

    /// <summary>Keeps out what the runtime would accept and then fail at, or never take notice of.</summary>
    static bool IsPatchable(MethodBase method, Dictionary<MethodBase, HarmonyException> refusals)
    {
        var reason = method switch
        {
            { IsAbstract: true } => "it is abstract",
            DynamicMethod or { DeclaringType: null } => "it is a dynamic method",
            { DeclaringType.Assembly: { IsDynamic: true } or { IsCollectible: true } } => "its code is dynamic or collectible",
            { DeclaringType: var declaring } when method.ReflectedType != declaring => $"it is inherited. You can only patch implemented methods/constructors. Patch the declared method {Declared(method)} instead",
            ConstructorInfo { IsStatic: true } => "it is a static constructor, which runs once, and may have run already",
            { DeclaringType.IsArray: true } => "it has no IL (a method of arrays)",
            _ when IsExtern(method) => "it has no IL (extern)",
            _ when RuntimeAsync.Is(method) && RuntimeAsync.Refusal(method) is { } refusal => refusal,
            _ when JitHelpers.Contain(method) => "compiled code calls it at an address that the JIT has written there, so a patch could not be taken out of it",
            _ => null,
        };
        if (reason is not null)
            refusals[method] = HarmonyException.Refusal(method, reason);
        return reason is null;
    }

    static string Declared(MethodBase method) => method.DeclaringType is null ? method.Name : HarmonyLib.Patch.Definition(method).FullDescription();

    static MethodDescription[] Describe(List<MethodBase> methods)
    {
        var descriptions = new MethodDescription[methods.Count];
        for (var i = 0; i < methods.Count; i++)
            descriptions[i].Function = methods[i].MethodHandle.Value;
        var result = RejitLibrary.Describe(descriptions);
        return result >= 0 ? descriptions : throw new HarmonyException($"methods cannot be looked up: {Hresult.Sentence(result)}");
    }

    static void Install(List<WovenMethod> woven, Dictionary<MethodBase, HarmonyException> refusals)
    {
        if (woven.Count == 0)
            return;
        using var all = new MemoryStream(); // they must lie still while the native part copies them
        var (modules, tokens, offsets) = (new nint[woven.Count], new int[woven.Count], new nint[woven.Count]);
        var (ilSizes, sizes) = (new int[woven.Count], new int[woven.Count]);
        for (var i = 0; i < woven.Count; i++)
        {
            var item = woven[i];
            (modules[i], tokens[i], offsets[i]) = (item.Module, item.Token, (nint)all.Length);
            (ilSizes[i], sizes[i]) = (item.Body.IlSize, item.Body.Bytes.Length);
            all.Write(item.Body.Bytes);
        }
        fixed (byte* start = all.GetBuffer())
        {
            for (var i = 0; i < woven.Count; i++)
                offsets[i] += (nint)start;
            var result = RejitLibrary.Install(modules, tokens, offsets, ilSizes, sizes, woven.Count);
            if (result < 0)
                throw new HarmonyException($"the runtime refused {woven.Count} new method bodies: {Hresult.Sentence(result)}");
        }
        var errors = RejitLibrary.TakeErrors(out var lost);
        foreach (var error in errors)
            Refuse(error, woven, refusals);
        if (lost > 0)
            Harmony.Say($"the runtime could not replace {lost} more method bodies and does not say which");
    }

    /// <summary>The runtime had accepted the request and then could not do it for one method: under hot reload, for instance.</summary>
    static void Refuse(RejitError error, List<WovenMethod> woven, Dictionary<MethodBase, HarmonyException> refusals)
    {
        var item = woven.Find(candidate => candidate.Module == error.Module && candidate.Token == error.Method);
        if (item is null)
        {
            Harmony.Say($"the runtime could not replace the body of method {error.Method:X8} of an earlier request: {Hresult.Sentence(error.Result)}");
            return;
        }
        refusals[item.Method] = HarmonyException.Refusal(item.Method, Hresult.Sentence(error.Result));
        RejitLibrary.Revert([item.Module], [item.Token], [0]); // so that the body is not kept; what it answers changes nothing
        Methods.Remove(item.Method);
    }

    static void Revert(Dictionary<MethodBase, List<Patch>> wanted, Dictionary<MethodBase, HarmonyException> refusals)
    {
        var methods = new List<MethodBase>();
        foreach (var (method, patches) in wanted)
        {
            if (patches.Count == 0 && CopyFor(method) == 0)
                methods.Add(method);
        }
        if (!_isSuspended)
            AskToRevert(methods, refusals);
        foreach (var method in methods)
        {
            if (!refusals.ContainsKey(method))
                Methods.Remove(method);
        }
    }

    /// <summary>Asks the runtime to give methods their original bodies back.</summary>
    static void AskToRevert(List<MethodBase> methods, Dictionary<MethodBase, HarmonyException> refusals)
    {
        if (methods.Count == 0)
            return;
        var (modules, tokens, results) = (new nint[methods.Count], new int[methods.Count], new int[methods.Count]);
        for (var i = 0; i < methods.Count; i++)
            (modules[i], tokens[i]) = (Methods[methods[i]].Module, Methods[methods[i]].Token);
        var result = RejitLibrary.Revert(modules, tokens, results);
        for (var i = 0; i < methods.Count; i++)
        {
            var answer = result < 0 ? result : results[i];
            if (answer < 0)
                refusals[methods[i]] = new HarmonyException($"{MethodName.Of(methods[i])} cannot be reverted: {Hresult.Sentence(answer)}");
        }
    }

    // Classes, because lists and dictionaries of our own structs would have to be compiled at every start.
    sealed record Copy(nint Address);

    sealed record PatchedMethod(nint Module, int Token, List<Patch> Patches);

    sealed record WovenMethod(MethodBase Method, nint Module, int Token, WovenBody Body, List<Patch> Patches);
}
