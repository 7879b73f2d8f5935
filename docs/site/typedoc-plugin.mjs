// What TypeDoc can't know: modules are named as users import them, and constants that hold functions, which most
// of Myelin's are, are functions. Ways to call a function share a comment, which describes the parameters of all.
import { Comment, Converter, ReflectionKind, ReflectionType } from 'typedoc';

function asFunction(variable) {
  if (!(variable.type instanceof ReflectionType)) return;
  const { signatures } = variable.type.declaration;
  if (!signatures) return;
  variable.kind = ReflectionKind.Function;
  variable.signatures = signatures;
  for (const signature of signatures) {
    signature.name = variable.name;
    signature.parent = variable;
    signature.comment ??= variable.comment?.clone();
    for (const parameter of signature.parameters ?? []) {
      const tag = signature.comment?.blockTags.find(({ name }) => name === parameter.name);
      if (tag) parameter.comment ??= new Comment(Comment.cloneDisplayParts(tag.content));
    }
    signature.comment?.removeTags('@param');
  }
  delete variable.comment;
  delete variable.type;
}

/** Drops what a signature's comment says of parameters that only other ways to call the function have. */
function keepOwnParameters({ comment, parameters = [] }) {
  const names = new Set(parameters.map(({ name }) => name));
  const isOwn = ({ tag, name }) => tag !== '@param' || names.has(name.split('.')[0]);
  comment.blockTags = comment.blockTags.filter(isOwn);
}

export function load(app) {
  app.converter.on(
    Converter.EVENT_RESOLVE_BEGIN,
    ({ project }) => {
      for (const variable of project.getReflectionsByKind(ReflectionKind.Variable)) asFunction(variable);
      for (const signature of project.getReflectionsByKind(ReflectionKind.CallSignature))
        if (signature.comment && signature.parent.signatures?.length > 1) keepOwnParameters(signature);
      for (const module of project.getReflectionsByKind(ReflectionKind.Module))
        module.name = module.name === 'index' ? 'myelin' : `myelin/${module.name}`;
    },
    1000,
  );
}
