/** Modules that a file may not name at all: they start programs and load code. */
const closed: ReadonlySet<string> = new Set(
  (
    'subprocess _posixsubprocess pty commands popen2 code codeop importlib imp runpy zipimport marshal pickle ' +
    '_pickle cPickle dill cloudpickle ctypes _ctypes cffi pdb bdb pip ensurepip'
  ).split(' '),
);

/** Modules whose functions do the same, or access files and the network; their classes only hold data. */
const guarded: ReadonlySet<string> = new Set(
  (
    'os posix nt posixpath ntpath sys shutil tempfile pkgutil joblib shelve inspect gc signal socket _socket ' +
    'ssl http httplib urllib urllib2 urllib3 requests aiohttp ftplib telnetlib smtplib xmlrpc webbrowser asyncio ' +
    'multiprocessing threading _thread concurrent profile cProfile trace timeit doctest pydoc unittest site venv ' +
    'distutils setuptools io _io fileinput glob linecache atexit'
  ).split(' '),
);

/** Functions that run code, in modules that are otherwise harmless. */
const functions: ReadonlySet<string> = new Set(
  (
    'builtins.eval builtins.exec builtins.execfile builtins.compile builtins.open builtins.file ' +
    'builtins.apply builtins.input builtins.raw_input builtins.breakpoint builtins.help builtins.reload ' +
    'builtins.setattr builtins.delattr builtins.globals builtins.locals builtins.vars builtins.getattr ' +
    'types.FunctionType types.CodeType types.MethodType types.LambdaType functools.reduce ' +
    'operator.methodcaller operator.attrgetter logging.config.listen torch.load torch.jit.load ' +
    'torch.serialization.load torch.compile numpy.load numpy.fromfile numpy.memmap pandas.read_pickle'
  ).split(' '),
);

/** Packages that load code. */
const packages = [
  'torch.hub.',
  'torch.package.',
  'torch.utils.cpp_extension.',
  'numpy.f2py.',
  'numpy.testing.',
];

const isInternal = (part: string): boolean => /^__.*__$/.test(part) && part !== '__main__';
const isClass = (part: string): boolean => /^_*[A-Z]/.test(part);

/**
 * Whether calling what a pickle names would, or could, make Python run code. A name may go through
 * attributes: `pathlib`, `os.system`.
 */
export function runsCode(module: string, name: string): boolean {
  const full = `${module}.${name}`;
  const attributes = name.split('.');
  const modules = [module.split('.')[0]!, ...attributes.slice(0, -1)];
  return (
    full.split('.').some(isInternal) ||
    modules.some((part) => closed.has(part)) ||
    (modules.some((part) => guarded.has(part)) && !isClass(attributes.at(-1)!)) ||
    functions.has(full) ||
    packages.some((start) => full.startsWith(start))
  );
}
