using System.Reflection;

namespace HarmonyLib.Weaving;

/// <summary>What the woven code of one method works with: the original's shape, and local variables of its own.</summary>
sealed class Frame
{
    readonly Dictionary<Type, SharedState> _states = [];

    public MethodBase Original { get; }

    public ParameterInfo[] Parameters { get; }

    public MethodTypes Types { get; }

    public BodyBuilder Body { get; }

    /// <summary>The original's result; -1 if it has none.</summary>
    public int Result { get; } = -1;

    /// <summary>The exception that finalizers see.</summary>
    public int Exception { get; }

    /// <summary>What a patch has thrown.</summary>
    public int Thrown { get; }

    /// <summary>Whether the original runs or has run.</summary>
    public int RunOriginal { get; }

    /// <summary>The `__resultRef` of all patches; -1 until one asks for it.</summary>
    public int ResultRef { get; private set; } = -1;

    public Frame(MethodBase original, MethodTypes types, BodyBuilder body)
    {
        Original = original;
        Parameters = original.GetParameters();
        Types = types;
        Body = body;
        if (!types.Result.IsVoid)
            Result = body.AddLocal(types.Result.Bytes);
        Exception = body.AddLocal([Element.Object]);
        Thrown = body.AddLocal([Element.Object]);
        RunOriginal = body.AddLocal([Element.Int4]);
    }

    /// <summary>The original's own return type, what it refers to if it is a reference.</summary>
    public Type ResultType => ((MethodInfo)Original).ReturnType is var type && type.IsByRef ? type.GetElementType()! : ((MethodInfo)Original).ReturnType;

    /// <summary>The type of `__resultRef`; null if the original returns no reference, or one to a type that is not known.</summary>
    public Type? ResultRefType => Types.Result.IsByRef && !ResultType.ContainsGenericParameters && !ResultType.IsByRefLike && !ResultType.IsPointer
        ? typeof(RefResult<>).MakeGenericType(ResultType)
        : null;

    /// <summary>Declares the local variables that a patch asks for, with their first values.</summary>
    public void Declare(Patch patch)
    {
        foreach (var parameter in patch.PatchMethod.GetParameters())
        {
            if (parameter.Name == "__state")
                DeclareState(patch, parameter);
            else if (parameter.Name == "__resultRef" && ResultRef < 0)
                ResultRef = Declare([Element.Object]);
        }
    }

    /// <summary>The variable that the patches of one class share in one call.</summary>
    public int State(Patch patch) => _states[patch.PatchMethod.DeclaringType!].Local;

    void DeclareState(Patch patch, ParameterInfo parameter)
    {
        var type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        var signature = RuntimeSignature.Of(type);
        var owner = patch.PatchMethod.DeclaringType!;
        if (!_states.TryGetValue(owner, out var state))
            _states[owner] = new SharedState(Declare(signature), type, signature);
        else if (!state.Signature.AsSpan().SequenceEqual(signature))
            throw new HarmonyException($"{patch.Name} wants a __state of type {type}, but another patch of its class wants a {state.Type}");
    }

    int Declare(byte[] type)
    {
        var local = Body.AddLocal(type);
        Body.Il.LoadLocalAddress(local);
        Body.Il.InitializeObject(type);
        return local;
    }

    sealed record SharedState(int Local, Type Type, byte[] Signature);
}
