// An application that costs nothing.
export default (): void => undefined;
