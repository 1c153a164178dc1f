using System.Globalization;
using System.Reflection;

namespace HarmonyLib;

/// <summary>
/// Stands for a patched constructor where HarmonyLib hands out its replacement: a static method that takes the instance and the arguments. Invoking it runs the
/// constructor, patches and all, on that instance.
/// </summary>
sealed class PatchedConstructor(ConstructorInfo constructor) : MethodInfo
{
    readonly ParameterInfo[] _parameters = [new Instance(constructor), .. constructor.GetParameters()];

    /// <summary>What Patch returns for an original.</summary>
    public static MethodInfo Replacement(MethodBase original) => original as MethodInfo ?? new PatchedConstructor((ConstructorInfo)original);

    public ConstructorInfo Constructor => constructor;

    public override string Name => constructor.Name;

    public override Type DeclaringType => constructor.DeclaringType!;

    public override Type? ReflectedType => constructor.ReflectedType;

    public override Module Module => constructor.Module;

    public override Type ReturnType => typeof(void);

    public override MethodAttributes Attributes => constructor.Attributes | MethodAttributes.Static;

    public override RuntimeMethodHandle MethodHandle => constructor.MethodHandle;

    public override ICustomAttributeProvider ReturnTypeCustomAttributes => constructor;

    public override MethodInfo GetBaseDefinition() => this;

    public override object[] GetCustomAttributes(bool inherit) => constructor.GetCustomAttributes(inherit);

    public override object[] GetCustomAttributes(Type attributeType, bool inherit) => constructor.GetCustomAttributes(attributeType, inherit);

    public override bool IsDefined(Type attributeType, bool inherit) => constructor.IsDefined(attributeType, inherit);

    public override MethodImplAttributes GetMethodImplementationFlags() => constructor.GetMethodImplementationFlags();

    public override ParameterInfo[] GetParameters() => _parameters;

    public override object? Invoke(object? obj, BindingFlags invokeAttr, Binder? binder, object?[]? parameters, CultureInfo? culture) =>
        parameters is [{ } instance, .. var arguments]
            ? constructor.Invoke(instance, invokeAttr, binder, arguments, culture)
            : throw new TargetParameterCountException($"it takes the instance and the arguments of {MethodName.Of(constructor)}");

    public override bool Equals(object? obj) => obj is PatchedConstructor other && other.Constructor.Equals(constructor);

    public override int GetHashCode() => constructor.GetHashCode();

    sealed class Instance : ParameterInfo
    {
        public Instance(ConstructorInfo constructor) => (NameImpl, ClassImpl, PositionImpl, MemberImpl) = ("instance", constructor.DeclaringType, 0, constructor);
    }
}
