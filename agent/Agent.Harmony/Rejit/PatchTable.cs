using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using HarmonyLib.Weaving;

namespace HarmonyLib.Rejit;

/// <summary>A patch that is not installed, and why.</summary>
sealed record RefusedPatch(Patch Patch, string Reason);

/// <summary>
/// Every patched method with its patches. A change weaves the method anew from its original body and asks the runtime once for all
/// methods of the change; what cannot be woven is refused before anything changes.
/// </summary>
static unsafe class PatchTable
{
    static readonly Lock Gate = new();
    static readonly Dictionary<MethodBase, List<Patch>> Methods = [];
    static readonly Dictionary<string, int> Tokens = new(StringComparer.Ordinal);

    /// <summary>Adds patches to methods.</summary>
    /// <returns>What was refused, with the reason; everything else is installed.</returns>
    /// <exception cref="HarmonyException">The runtime refused the whole request; nothing is installed.</exception>
    public static List<RefusedPatch> Add(IReadOnlyCollection<Patch> patches)
    {
        lock (Gate)
        {
            var refused = new List<RefusedPatch>();
            var wanted = new Dictionary<MethodBase, List<Patch>>();
            foreach (var patch in patches)
            {
                if (!wanted.TryGetValue(patch.Original, out var list))
                    wanted[patch.Original] = list = Methods.TryGetValue(patch.Original, out var present) ? [.. present] : [];
                list.Add(patch);
            }
            Apply(wanted, (method, reason) => refused.AddRange(patches.Where(patch => patch.Original == method).Select(patch => new RefusedPatch(patch, reason))));
            return refused;
        }
    }

    /// <summary>Takes patches out of one method; without any left, its original body is back.</summary>
    /// <returns>Whether there were any.</returns>
    /// <exception cref="HarmonyException">The runtime refused.</exception>
    public static bool Remove(MethodBase method, Func<Patch, bool> which)
    {
        lock (Gate)
        {
            if (!Methods.TryGetValue(method, out var present))
                return false;
            var left = present.Where(patch => !which(patch)).ToList();
            if (left.Count == present.Count)
                return false;
            if (left.Count > 0)
                Apply(new() { [method] = left }, (_, reason) => throw new HarmonyException(reason));
            else
                Revert(method);
            return true;
        }
    }

    public static List<MethodBase> PatchedMethods()
    {
        lock (Gate)
            return [.. Methods.Keys];
    }

    public static List<Patch> PatchesOf(MethodBase method)
    {
        lock (Gate)
            return Methods.TryGetValue(method, out var patches) ? [.. patches] : [];
    }

    static void Apply(Dictionary<MethodBase, List<Patch>> wanted, Action<MethodBase, string> refuse)
    {
        var methods = wanted.Keys.Where(method => IsPatchable(method, refuse)).ToArray();
        var descriptions = Describe(methods);
        var woven = new List<WovenMethod>();
        for (var i = 0; i < methods.Length; i++)
        {
            try
            {
                if (descriptions[i].Result < 0)
                    throw new HarmonyException(Hresult.Sentence(descriptions[i].Result));
                woven.Add(new WovenMethod(methods[i], descriptions[i].Module, descriptions[i].Token, Weaver.Weave(methods[i], descriptions[i], wanted[methods[i]])));
            }
            catch (HarmonyException e)
            {
                refuse(methods[i], Refusal(methods[i], e.Message));
            }
        }
        DefineTokens(woven);
        if (woven.Count > 0)
            Install(woven);
        foreach (var item in woven)
            Methods[item.Method] = wanted[item.Method];
    }

    static string Refusal(MethodBase method, string reason) => $"{MethodName.Of(method)} cannot be patched: {reason}";

    /// <summary>Keeps out what the runtime would accept and then fail at, or never take notice of.</summary>
    static bool IsPatchable(MethodBase method, Action<MethodBase, string> refuse)
    {
        const MethodImplAttributes runtimeAsync = (MethodImplAttributes)0x2000;
        const MethodImplAttributes withoutIl = MethodImplAttributes.InternalCall | MethodImplAttributes.Runtime;
        var reason = method switch
        {
            { IsAbstract: true } => "it is abstract",
            DynamicMethod or { DeclaringType: null } => "it is a dynamic method",
            { DeclaringType.Assembly: { IsDynamic: true } or { IsCollectible: true } } => "its code is dynamic or collectible",
            _ when (method.Attributes & MethodAttributes.PinvokeImpl) != 0 || (method.MethodImplementationFlags & withoutIl) != 0 => "it has no IL (extern)",
            _ when (method.MethodImplementationFlags & runtimeAsync) != 0 => "it is a runtime-async method",
            _ => null,
        };
        if (reason is not null)
            refuse(method, Refusal(method, reason));
        return reason is null;
    }

    static MethodDescription[] Describe(MethodBase[] methods)
    {
        var descriptions = new MethodDescription[methods.Length];
        for (var i = 0; i < methods.Length; i++)
            descriptions[i].Function = methods[i].MethodHandle.Value;
        var result = RejitLibrary.Describe(descriptions);
        return result >= 0 ? descriptions : throw new HarmonyException($"methods cannot be looked up: {Hresult.Sentence(result)}");
    }

    static void DefineTokens(List<WovenMethod> woven)
    {
        var missing = new List<MissingToken>();
        var size = 0;
        foreach (var item in woven)
        {
            foreach (var use in item.Body.Tokens)
            {
                var key = Key(item.Module, use);
                if (!Tokens.TryAdd(key, 0))
                    continue;
                missing.Add(new MissingToken(key, item.Module, use));
                size += use.Signature.Length;
            }
        }
        var requests = new TokenRequest[missing.Count];
        var bytes = new byte[size];
        fixed (byte* signatures = bytes)
        {
            var at = 0;
            for (var i = 0; i < requests.Length; i++)
            {
                var (_, module, (_, signature, isType)) = missing[i];
                signature.CopyTo(bytes, at);
                requests[i] = new TokenRequest { Module = module, Signature = signatures + at, Size = signature.Length, IsType = isType ? 1 : 0 };
                at += signature.Length;
            }
            var result = RejitLibrary.DefineTokens(requests);
            for (var i = 0; i < requests.Length; i++)
            {
                if (result >= 0 && requests[i].Result >= 0)
                    Tokens[missing[i].Key] = requests[i].Token;
                else
                    Tokens.Remove(missing[i].Key);
            }
        }
    }

    static string Key(nint module, TokenUse use) => string.Concat(module.ToString("x", CultureInfo.InvariantCulture), use.IsType ? " type " : " call ", Convert.ToHexString(use.Signature));

    static void Install(List<WovenMethod> woven)
    {
        var (modules, tokens, sizes, offsets) = (new nint[woven.Count], new int[woven.Count], new int[woven.Count], new int[woven.Count]);
        using var all = new MemoryStream();
        for (var i = 0; i < woven.Count; i++)
        {
            var item = woven[i];
            var body = item.Body.ToArray(use => Tokens.TryGetValue(Key(item.Module, use), out var token)
                ? token
                : throw new HarmonyException(Refusal(item.Method, "the runtime gives out no token for a signature")));
            (modules[i], tokens[i], sizes[i], offsets[i]) = (item.Module, item.Token, body.Length, (int)all.Length);
            all.Write(body);
        }
        var pointers = new nint[woven.Count];
        fixed (byte* start = all.GetBuffer())
        {
            for (var i = 0; i < pointers.Length; i++)
                pointers[i] = (nint)(start + offsets[i]);
            var result = RejitLibrary.Install(modules, tokens, pointers, sizes);
            if (result < 0)
                throw new HarmonyException($"the runtime refused {woven.Count} new method bodies: {Hresult.Sentence(result)}");
        }
    }

    static void Revert(MethodBase method)
    {
        var description = Describe([method])[0];
        Span<int> results = [0];
        var result = description.Result < 0 ? description.Result : RejitLibrary.Revert([description.Module], [description.Token], results);
        if (result < 0 || results[0] < 0)
            throw new HarmonyException($"{MethodName.Of(method)} cannot be reverted: {Hresult.Sentence(result < 0 ? result : results[0])}");
        Methods.Remove(method);
    }

    // Classes, because lists of our own structs would have to be compiled at every start.
    sealed record WovenMethod(MethodBase Method, nint Module, int Token, WovenBody Body);

    sealed record MissingToken(string Key, nint Module, TokenUse Use);
}
