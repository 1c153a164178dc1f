using System.Reflection;
using System.Runtime.CompilerServices;

namespace Agent.AspNetCore.Hooks;

/// <summary>A place where something that was built keeps a delegate: a field of an object. What is put there instead is taken back when the agent is detached.</summary>
sealed class Slot(object owner, FieldInfo place)
{
    /// <summary>What is there now.</summary>
    public Delegate? Value => place.GetValue(owner) as Delegate;

    /// <summary>The field's name.</summary>
    public string Name => place.Name;

    /// <summary>Something else is there until the agent is detached.</summary>
    public void Set(Delegate value)
    {
        var before = place.GetValue(owner);
        place.SetValue(owner, value);
        Attachment.Undo(() =>
        {
            if (ReferenceEquals(place.GetValue(owner), value)) // or the app has put something else there
                place.SetValue(owner, before);
        });
    }

    /// <summary>The fields of a type that an object keeps, in closures around it, too.</summary>
    /// <param name="owner">The object.</param>
    /// <param name="type">The type of the fields.</param>
    public static List<Slot> Of(object owner, Type type)
    {
        var slots = new List<Slot>();
        foreach (var field in FieldsOf(owner.GetType()))
        {
            if (field.FieldType == type)
                slots.Add(new Slot(owner, field));
            else if (IsClosure(field.FieldType) && IsClosure(owner.GetType()) && field.GetValue(owner) is { } outer)
                slots.AddRange(Of(outer, type));
        }
        return slots;
    }

    /// <summary>All of an object's fields.</summary>
    public static IEnumerable<FieldInfo> FieldsOf(Type? type)
    {
        for (; type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in type.GetFields(MiddlewareName.Fields | BindingFlags.DeclaredOnly))
                yield return field;
        }
    }

    /// <summary>Whether the compiler has made a type, for what lambdas use of the method around them.</summary>
    public static bool IsClosure(Type type) => type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);
}
